import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState, type FormEvent } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { LIST, saveVersion, type ListState } from "./api";
import { changesText } from "./StateBar";

interface SaveDialogProps {
  opened: boolean;
  state: ListState;
  revision: number;
  onClose: () => void;
}

/** The draft becomes a version, with a word about what it brings. */
export const SaveDialog = ({ opened, onClose, ...rest }: SaveDialogProps) => (
  <Modal opened={opened} onClose={onClose} title={t("responses.save")} centered>
    <Fields onClose={onClose} {...rest} />
  </Modal>
);

function Fields({ state, revision, onClose }: Omit<SaveDialogProps, "opened">) {
  const [description, setDescription] = useState("");
  const saving = useChange(() => saveVersion(revision, description.trim()), {
    touches: LIST,
    isQuiet: true,
    onSuccess: ({ number }) => {
      notifications.show({ message: t("responses.saved", { number }), color: "teal" });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text c="var(--ink-2)" lh={1.5}>
          {t("responses.save.text", { changes: changesText(state.changes), count: state.count })}
        </Text>
        <Textarea
          label={t("responses.description")}
          description={t("responses.description.hint")}
          value={description}
          maxLength={500}
          autosize
          minRows={2}
          onChange={(event) => setDescription(event.currentTarget.value)}
          data-autofocus
        />
        {saving.isError && (
          <Text c="var(--bad)" role="alert">
            {explain(saving.error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {t("responses.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
