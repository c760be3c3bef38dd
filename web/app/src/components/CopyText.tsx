import { ActionIcon, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { t } from "../i18n";
import styles from "./CopyText.module.css";

interface CopyTextProps {
  text: string;
  /** What is copied when it is not what is shown. */
  copies?: string;
  /** What it is, for those who do not see it: "Conversation ID". */
  what: string;
  mono?: boolean;
}

/** A value with a way to copy exactly it. */
export function CopyText({ text, copies, what, mono = false }: CopyTextProps) {
  const { copied, copy } = useClipboard({ timeout: 1600 });
  const label = copied ? t("action.copied") : t("details.copy", { what });
  return (
    <span className={styles.line}>
      <span className={mono ? styles.mono : styles.text}>{text}</span>
      <Tooltip label={label} withArrow openDelay={250}>
        <ActionIcon className={styles.copy} variant="subtle" color="gray" size="sm" aria-label={label} onClick={() => copy(copies ?? text)}>
          {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        </ActionIcon>
      </Tooltip>
    </span>
  );
}
