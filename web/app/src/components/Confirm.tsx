import { Button, Group, Modal, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { t } from "../i18n";
import { explain } from "./Failure";

interface ConfirmProps {
  opened: boolean;
  title: string;
  children: ReactNode;
  /** What the button does, as a verb. */
  label: string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ opened, title, children, label, onConfirm, onClose }: ConfirmProps) {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = async () => {
    setIsBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (caught) {
      setError(caught);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered>
      <Text c="var(--ink-2)" lh={1.5}>
        {children}
      </Text>
      {error !== null && (
        <Text c="var(--bad)" role="alert" mt="sm">
          {explain(error)}
        </Text>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button color="red.8" loading={isBusy} onClick={() => void confirm()}>
          {label}
        </Button>
      </Group>
    </Modal>
  );
}
