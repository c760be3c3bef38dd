import { Autocomplete, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { LIST, moveResponses } from "./api";
import type { Draft } from "./useDraft";

/** The most that are moved by one request. */
const AT_ONCE = 500;

interface MoveDialogProps {
  opened: boolean;
  ids: string[];
  draft: Draft;
  folders: string[];
  onMoved: () => void;
  onClose: () => void;
}

export const MoveDialog = ({ opened, onClose, ...rest }: MoveDialogProps) => (
  <Modal opened={opened} onClose={onClose} title={t("responses.move.title", { count: rest.ids.length })} centered>
    <Fields onClose={onClose} {...rest} />
  </Modal>
);

function Fields({ ids, draft, folders, onMoved, onClose }: Omit<MoveDialogProps, "opened">) {
  const [path, setPath] = useState("");
  const moving = useChange(() => moveAll(draft.revision, ids, path.trim()), {
    touches: LIST,
    isQuiet: true,
    onSuccess: () => {
      onMoved();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    moving.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Autocomplete
          label={t("responses.folder")}
          description={t("responses.move.hint")}
          placeholder={t("responses.folder.example")}
          data={folders}
          value={path}
          maxLength={1000}
          onChange={setPath}
          data-autofocus
        />
        {moving.isError && (
          <Text c="var(--bad)" role="alert">
            {explain(moving.error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={moving.isPending}>
            {t("responses.move")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

async function moveAll(revision: number, ids: string[], path: string): Promise<void> {
  let based = revision;
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    ({ revision: based } = await moveResponses(based, ids.slice(at, at + AT_ONCE), path));
  }
}
