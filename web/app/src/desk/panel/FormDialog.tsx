import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";

interface FormDialogProps {
  title: string;
  /** Why it was not saved. */
  error: unknown;
  isBusy: boolean;
  onSave: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A few fields, and the choice to save them or not. */
export function FormDialog({ title, error, isBusy, onSave, onClose, children }: FormDialogProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave();
  };
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <form onSubmit={submit}>
        <Stack gap="md">
          {children}
          {error !== null && (
            <Text c="var(--bad)" role="alert" size="sm">
              {explain(error)}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={isBusy}>
              {t("action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
