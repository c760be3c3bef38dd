import { Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { explain } from "../../components/Failure";
import { Marked } from "../../components/Marked";
import { t } from "../../i18n";
import { BLOCKLIST, tryText } from "./api";
import styles from "./Blocklist.module.css";

/** A field to see what the list makes of a message; nothing of it is kept. */
export function TryOut() {
  const [text, setText] = useState("");
  const [sample] = useDebouncedValue(text, 250);
  const trial = useQuery({
    queryKey: [...BLOCKLIST, "trial", sample],
    queryFn: async ({ signal }) => ({ sample, ...(await tryText(sample, signal)) }),
    enabled: sample.trim() !== "",
    retry: false,
    placeholderData: keepPreviousData,
  });
  const found = sample.trim() === "" ? undefined : trial.data;
  return (
    <div className={styles.try}>
      <Textarea
        label={t("blocklist.try")}
        placeholder={t("blocklist.try.placeholder")}
        value={text}
        maxLength={10_000}
        onChange={(event) => setText(event.currentTarget.value)}
        error={trial.isError && explain(trial.error)}
        autosize
        minRows={2}
        maxRows={8}
      />
      <div role="status">
        {found && (
          <div className={styles.verdict}>
            {found.hasProfanity ? t("blocklist.found") : t("blocklist.clean")}
            {found.hasProfanity && (
              <div className={styles.sample}>
                <Marked text={found.sample} matches={found.matches} />
              </div>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
