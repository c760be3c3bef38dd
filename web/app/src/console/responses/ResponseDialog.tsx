import { Autocomplete, Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useRef, useState, type FormEvent } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { ApiError } from "../../platform/http";
import { useChange } from "../../platform/useChange";
import { addResponse, changeResponse, type Condition, type ResponseRow, type Written } from "./api";
import { Conflict } from "./Conflict";
import { FilterEditor } from "./FilterEditor";
import { InsertMenu } from "./InsertMenu";
import { bindingsOf, filtersOf, insertsIn } from "./inserts";
import { Pieces } from "./Pieces";
import type { Draft } from "./useDraft";
import { useKnownInserts } from "./useKnownInserts";

interface ResponseDialogProps {
  /** Null: closed; `new`: a new one. */
  editing: ResponseRow | "new" | null;
  draft: Draft;
  folders: string[];
  onClose: () => void;
}

export function ResponseDialog({ editing, draft, folders, onClose }: ResponseDialogProps) {
  const isNew = editing === "new";
  // What was written is not lost by a click beside it.
  return (
    <Modal opened={editing !== null} onClose={onClose} title={t(isNew ? "responses.add" : "responses.edit")} closeOnClickOutside={false} centered size="xl">
      {editing && <Fields row={isNew ? null : (editing as ResponseRow)} draft={draft} folders={folders} onClose={onClose} />}
    </Modal>
  );
}

interface FieldsProps extends Omit<ResponseDialogProps, "editing"> {
  row: ResponseRow | null;
}

function Fields({ row, draft, folders, onClose }: FieldsProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(row?.text ?? "");
  const [title, setTitle] = useState(row?.title ?? "");
  const [folderPath, setFolderPath] = useState(row?.folderPath ?? "");
  const [filters, setFilters] = useState<readonly Condition[]>(() => (row ? filtersOf(row) : []));
  const [bound, setBound] = useState<readonly Condition[]>(() => (row ? bindingsOf(row) : []));
  // The draft as it was when this was opened: later changes by others are not overlooked.
  const [revision, setRevision] = useState(draft.revision);
  const { unknownIn } = useKnownInserts();
  const written: Written = {
    text: text.trim(),
    title: title.trim(),
    folderPath: folderPath.trim(),
    metadata: [...bindingsOf({ text, metadata: [...bound] }), ...filters.filter(({ name }) => name)],
  };
  const unknown = unknownIn(text, written.metadata);
  const save = (basedOn: number) => (row ? changeResponse(row.id, basedOn, written) : addResponse(written));
  const saving = useChange(save, {
    touches: ["global-responses", "state"],
    isQuiet: true,
    onSuccess: (answer) => {
      draft.wrote(answer.revision, answer.response);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (written.text) saving.mutate(revision);
  };
  const takeTheirs = (theirs: ResponseRow, latest: number) => {
    setText(theirs.text);
    setTitle(theirs.title);
    setFolderPath(theirs.folderPath);
    setFilters(filtersOf(theirs));
    setBound(bindingsOf(theirs));
    setRevision(latest);
    saving.reset();
    requestAnimationFrame(() => field.current?.focus());
  };
  if (row && saving.error instanceof ApiError && saving.error.status === 409) {
    return <Conflict refusal={saving.error} since={revision} mine={written} id={row.id} draft={draft} onMine={(latest) => saving.mutate(latest)} onTheirs={takeTheirs} onClose={onClose} />;
  }
  const insert = (name: string) => {
    const { selectionStart, selectionEnd } = field.current!;
    setText(text.slice(0, selectionStart) + `{${name}}` + text.slice(selectionEnd));
    const caret = selectionStart + name.length + 2;
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(caret, caret);
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <div>
          <Textarea
            ref={field}
            label={t("responses.text")}
            description={t("responses.text.hint")}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            maxLength={4000}
            autosize
            minRows={3}
            maxRows={10}
            data-autofocus
            required
            aria-describedby="response-shown"
          />
          <Group justify="space-between" mt={6} gap="xs" wrap="nowrap" align="flex-start">
            <Text id="response-shown" fz={13} c="var(--ink-2)" lh={1.6} style={{ overflowWrap: "anywhere" }}>
              {insertsIn(text).length > 0 && <Pieces text={text} unknown={unknown} />}
            </Text>
            <InsertMenu onChoose={insert} />
          </Group>
          {unknown.length > 0 && (
            <Text fz={13} c="var(--bad)" role="alert" mt={4}>
              {t("responses.unknown.names", { names: unknown.map((name) => `{${name}}`).join(", "), count: unknown.length })}
            </Text>
          )}
        </div>
        <Group gap="md" grow preventGrowOverflow={false} align="flex-start">
          <TextInput miw={200} label={t("responses.title")} value={title} maxLength={200} onChange={(event) => setTitle(event.currentTarget.value)} />
          <Autocomplete
            miw={200}
            label={t("responses.folder")}
            placeholder={t("responses.folder.example")}
            data={folders}
            value={folderPath}
            maxLength={1000}
            onChange={setFolderPath}
            description={folderPath.trim() && !folders.includes(folderPath.trim()) ? t("responses.folder.new") : undefined}
            inputWrapperOrder={["label", "input", "description"]}
          />
        </Group>
        <FilterEditor filters={filters} onChange={setFilters} />
        {saving.isError && (
          <Text c="var(--bad)" role="alert">
            {explain(saving.error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={saving.isPending} disabled={!written.text}>
            {t(row ? "responses.apply" : "action.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
