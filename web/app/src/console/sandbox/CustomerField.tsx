import { ActionIcon } from "@mantine/core";
import { IconSend2 } from "@tabler/icons-react";
import { useState, type KeyboardEvent } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { sayAsCustomer } from "./api";
import styles from "./Sandbox.module.css";

/** Where the customer's side is written: nothing helps, as nothing helps a customer. */
export function CustomerField({ chat }: { chat: string }) {
  const [text, setText] = useState("");
  const saying = useChange(({ words, key }: { words: string; key: string }) => sayAsCustomer(chat, words, key), {
    touches: [],
    isQuiet: true,
    onSuccess: () => setText(""),
  });
  const send = () => {
    const words = text.trim();
    if (words && !saying.isPending) saying.mutate({ words, key: crypto.randomUUID() });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <div className={styles.customer}>
      {saying.isError && (
        <p className={styles.failed} role="alert">
          {explain(saying.error)}
        </p>
      )}
      <div className={styles.box}>
        <textarea
          className={styles.field}
          rows={1}
          dir="auto"
          value={text}
          maxLength={10_000}
          aria-label={t("sandbox.asCustomer")}
          placeholder={t("sandbox.asCustomer.placeholder")}
          enterKeyHint="send"
          autoFocus
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <ActionIcon size={36} radius="md" variant="filled" aria-label={t("composer.send")} disabled={!text.trim()} loading={saying.isPending} onClick={send}>
          <IconSend2 size={19} />
        </ActionIcon>
      </div>
    </div>
  );
}
