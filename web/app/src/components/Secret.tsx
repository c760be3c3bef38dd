import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { t } from "../i18n";
import styles from "./Secret.module.css";

/** Something to be taken along: shown in full, copied at one click. */
export function Secret({ label, value }: { label: string; value: string }) {
  const { copied, copy } = useClipboard({ timeout: 1600 });
  return (
    <div className={styles.secret}>
      <div className={styles.words}>
        <div className={styles.label}>{label}</div>
        <code className={styles.value}>{value}</code>
      </div>
      <Button
        size="xs"
        variant="default"
        leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        aria-label={t("details.copy", { what: label })}
        onClick={() => copy(value)}
      >
        {t(copied ? "action.copied" : "action.copy")}
      </Button>
    </div>
  );
}
