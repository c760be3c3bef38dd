import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { t } from "../i18n";
import { quickstart, type Environment, type Quickstart } from "./api";
import styles from "./Portal.module.css";

interface FirstCallProps {
  environment: Environment;
  /** Null while there is no key that works. */
  keyId: string | null;
}

/** A call to copy into a terminal, with the key's id already in it. */
export function FirstCall({ environment, keyId }: FirstCallProps) {
  const { data } = useQuery(quickstart);
  const { copied, copy } = useClipboard({ timeout: 1600 });
  if (!data) return null;
  const command = curl(data, environment, keyId ?? "YOUR_API_ID");
  return (
    <section className={styles.section}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t("portal.first")}</h2>
      </div>
      <div className={styles.code}>
        <pre tabIndex={0} aria-label={t("portal.first")}>
          {command}
        </pre>
        <Button
          className={styles.copy}
          size="xs"
          variant="default"
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={() => copy(command)}
        >
          {t(copied ? "action.copied" : "action.copy")}
        </Button>
      </div>
      <p className={styles.under}>{t("portal.first.hint")}</p>
    </section>
  );
}

/** The secret stays out of it: whoever copies this sets it as a variable. */
export function curl(start: Quickstart, environment: Environment, keyId: string): string {
  const { method, path, body } = start.first_call;
  return [
    `curl -X ${method} ${start.base_urls[environment]}${path}`,
    `  -H "${start.id_header}: ${keyId}"`,
    `  -H "${start.secret_header}: $RAPPORT_API_SECRET"`,
    `  -H "content-type: application/json"`,
    `  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`,
  ].join(" \\\n");
}
