import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState, type KeyboardEvent } from "react";
import { explain } from "../components/Failure";
import { t } from "../i18n";
import { ApiError, call } from "../platform/http";

interface EndDialogProps {
  opened: boolean;
  id: string;
  customer: string;
  onClose: () => void;
  onEnded: () => void;
}

/** Ends a conversation, with a word on what it was about. */
export function EndDialog({ opened, id, customer, onClose, onEnded }: EndDialogProps) {
  const [note, setNote] = useState("");
  const over = (key: "end.ended" | "end.already") => {
    notifications.show({ message: t(key, { name: customer }) });
    setNote("");
    onClose();
    onEnded();
  };
  const end = useMutation({
    mutationFn: () =>
      call(`/desk/v1/conversations/${id}/end`, { method: "POST", body: note.trim() ? { note: note.trim() } : {} }),
    onSuccess: () => over("end.ended"),
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409) over("end.already");
    },
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) end.mutate();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t("end.title", { name: customer })} centered>
      <Stack gap="md" onKeyDown={onKeyDown}>
        <Textarea
          label={t("end.note")}
          description={t("end.note.hint")}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={1000}
          autosize
          minRows={3}
          maxRows={8}
          data-autofocus
        />
        {end.isError && (
          <Text c="var(--bad)" role="alert" size="sm">
            {explain(end.error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button loading={end.isPending} onClick={() => end.mutate()}>
            {t("end.confirm")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
