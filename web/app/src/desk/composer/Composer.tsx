import { ActionIcon } from "@mantine/core";
import { useStore } from "@rapport/kit/react";
import { IconBookmarkPlus, IconSend2 } from "@tabler/icons-react";
import { useEffect, useState, type KeyboardEvent } from "react";
import { t } from "../../i18n";
import { isBehindDialog } from "../../platform/keys";
import { useAssist } from "../Assist";
import { ResponseDialog } from "../panel/ResponseDialog";
import { valuesIn } from "../panel/inserts";
import { useSession } from "../../session/SessionContext";
import styles from "./Composer.module.css";
import { Field } from "./Field";
import { Picker } from "./Picker";
import { placeholdersOf } from "./texts";
import { Tray } from "./Tray";
import { usePicker } from "./usePicker";
import type { Writer, WriterState } from "./writer";

/** Where an agent writes; give it the conversation as key. */
export function Composer({ writer, customer }: { writer: Writer; customer: string }) {
  const state = useStore<WriterState>(writer);
  const { settings } = useAssist();
  const session = useSession();
  const [saving, setSaving] = useState<string | null>(null);
  const { picker, list, search, onKeyDown } = usePicker(writer, state, () => valuesIn(writer.talk.get(), session));
  const { composition } = state;
  const isNothing = !composition.text.trim() || composition.phase === "DRAWER";
  const isAssisted = !settings?.autocomposeDisabled;
  useComposerKeys(writer, isAssisted ? search : null);

  const keyed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    const isPlain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
    if (onKeyDown(event) || (isPlain && press(writer, state, event.key))) event.preventDefault();
  };
  const send = () => {
    writer.submit();
    writer.focus();
  };
  return (
    <div className={styles.composer} data-listing={picker !== null}>
      {picker && <Picker {...picker} />}
      <Tray writer={writer} state={state} onSearch={isAssisted ? search : null} onFill={() => fillIn(writer)} />
      <div className={styles.box} data-block={composition.block ?? undefined}>
        <Field writer={writer} state={state} customer={customer} list={list} onKeyDown={keyed} />
        {isAssisted && (
          <ActionIcon
            className={`${styles.button} ${styles.keep}`}
            size={36}
            radius="md"
            variant="subtle"
            color="gray"
            aria-label={t("compose.save")}
            title={t("compose.save")}
            disabled={isNothing}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => setSaving(writer.selected())}
          >
            <IconBookmarkPlus size={19} />
          </ActionIcon>
        )}
        <ActionIcon
          className={styles.button}
          size={36}
          radius="md"
          variant="filled"
          aria-label={t("composer.send")}
          disabled={isNothing}
          onClick={send}
        >
          <IconSend2 size={19} />
        </ActionIcon>
      </div>
      {saving !== null && <ResponseDialog text={saving} onClose={() => setSaving(null)} />}
    </div>
  );
}

/** What a plain key does in the field; false when it is an ordinary one. */
function press(writer: Writer, { composition, ghost, offered, isHushed }: WriterState, key: string): boolean {
  const digit = Number(/^[1-3]$/.exec(key)?.[0] ?? 0);
  if (digit > 0) {
    const isKey = composition.text === "" && !isHushed && digit <= offered.suggestions.length;
    if (isKey) writer.choose(digit - 1, "replace");
    return isKey;
  }
  if (key === "Enter") {
    writer.submit();
    return true;
  }
  if (key === "Tab" || key === "ArrowRight") return writer.accept();
  if (key !== "Escape") return false;
  writer.hush();
  return ghost !== null;
}

/** Keys with Alt, which work wherever the focus is. */
function useComposerKeys(writer: Writer, search: (() => void) | null): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || isBehindDialog()) return;
      const digit = Number(/^Digit([1-3])$/.exec(event.code)?.[1] ?? 0);
      const run =
        digit > 0 && digit <= writer.get().offered.suggestions.length
          ? () => writer.choose(digit - 1, event.shiftKey ? "insert" : "replace")
          : OTHERS[event.code]?.(writer, search);
      if (!run) return;
      event.preventDefault();
      run();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [writer, search]);
}

const OTHERS: Readonly<Record<string, (writer: Writer, search: (() => void) | null) => (() => void) | null>> = {
  KeyZ: (writer) => () => writer.undo(),
  KeyG: (writer, search) =>
    search &&
    (() => {
      writer.focus();
      search();
    }),
};

function fillIn(writer: Writer): void {
  const first = placeholdersOf(writer.get().composition.text)[0];
  writer.focus();
  if (first) writer.select(first.from, first.to);
}
