import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { addTerm, BLOCKLIST } from "./api";
import styles from "./Blocklist.module.css";

/** A word or phrase to block, or to allow. */
export function TermForm() {
  const [term, setTerm] = useState("");
  const [kind, setKind] = useState("block");
  const adding = useChange(() => addTerm(term.trim(), kind === "block"), {
    touches: BLOCKLIST,
    isQuiet: true,
    onSuccess: () => setTerm(""),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (term.trim()) adding.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        className={styles.term}
        label={t("blocklist.term")}
        placeholder={t("blocklist.term.placeholder")}
        value={term}
        maxLength={100}
        onChange={(event) => {
          setTerm(event.currentTarget.value);
          adding.reset();
        }}
        spellCheck={false}
        autoComplete="off"
      />
      <SegmentedControl
        aria-label={t("blocklist.kind")}
        value={kind}
        onChange={setKind}
        data={[
          { value: "block", label: t("blocklist.block") },
          { value: "allow", label: t("blocklist.allow") },
        ]}
      />
      <Button type="submit" leftSection={<IconPlus size={17} />} loading={adding.isPending} disabled={!term.trim()}>
        {t("blocklist.add")}
      </Button>
      {adding.isError && (
        <p className={styles.problem} role="alert">
          {explain(adding.error)}
        </p>
      )}
    </form>
  );
}
