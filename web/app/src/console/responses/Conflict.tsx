import { Button, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { explain, Failure } from "../../components/Failure";
import { Splash } from "../../components/Splash";
import { t } from "../../i18n";
import { dateTime } from "../../i18n/format";
import { DRAFT, fetchChanges, fetchDraftRow, type DraftChange, type ResponseRow, type Written } from "./api";
import { Words } from "./Words";
import styles from "./Conflict.module.css";
import type { Draft } from "./useDraft";

interface ConflictProps {
  /** Who did what, as the server says it. */
  refusal: Error;
  /** The draft's revision that mine is based on. */
  since: number;
  mine: Written;
  id: string;
  draft: Draft;
  onMine: (revision: number) => void;
  onTheirs: (theirs: ResponseRow, revision: number) => void;
  onClose: () => void;
}

/** Somebody else changed the same response: both are shown, and one is taken. */
export function Conflict({ refusal, since, mine, id, draft, onMine, onTheirs, onClose }: ConflictProps) {
  const told = useRef<HTMLParagraphElement>(null);
  const found = useQuery({ queryKey: [...DRAFT, "one", id], queryFn: ({ signal }) => fetchDraftRow(id, signal), staleTime: 0, gcTime: 0 });
  const changes = useQuery({ queryKey: [...DRAFT, "since", since], queryFn: ({ signal }) => fetchChanges(since, signal), staleTime: 0, gcTime: 0 });
  const isReady = !found.isPending && !changes.isPending;
  useEffect(() => {
    // The button that was pressed is gone.
    if (isReady) told.current?.focus();
  }, [isReady]);
  if (found.isPending || changes.isPending) return <Splash />;
  if (found.isError) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  const { row: theirs, revision } = found.data;
  const leave = () => {
    void draft.reload();
    onClose();
  };
  return (
    <Stack gap="md">
      <Text ref={told} role="alert" className={styles.told} tabIndex={-1}>
        {toldOf(id, changes.data) ?? explain(refusal)}
      </Text>
      {theirs ? (
        <div className={styles.sides}>
          {FIELDS.every(({ of }) => of(mine) === of(theirs)) && <Text>{t("responses.conflict.same")}</Text>}
          {FIELDS.map(({ label, of }) => (
            <Field key={label} label={label} mine={of(mine)} theirs={of(theirs)} />
          ))}
        </div>
      ) : (
        <Text>{t("responses.conflict.gone")}</Text>
      )}
      <div className={styles.acts}>
        <Button variant="default" onClick={leave}>
          {t("action.cancel")}
        </Button>
        {theirs && (
          <>
            <Button variant="default" onClick={() => onTheirs(theirs, revision)}>
              {t("responses.conflict.theirs")}
            </Button>
            <Button onClick={() => onMine(revision)}>{t("responses.conflict.mine")}</Button>
          </>
        )}
      </div>
    </Stack>
  );
}

/** What the last change was that is in the way, in the reader's words; null: it is not known. */
function toldOf(id: string, changes: readonly DraftChange[] | undefined): string | null {
  const last = changes?.findLast(({ kind, target }) => target === id || WHOLE.has(kind));
  if (!last) return null;
  const { kind, author, at } = last;
  const what = kind === "removed" ? "removed" : WHOLE.has(kind) ? "list" : "changed";
  return t(`responses.conflict.by.${what}`, { author, time: dateTime(at) });
}

const WHOLE: ReadonlySet<DraftChange["kind"]> = new Set(["discarded", "restored", "uploaded"]);

const FIELDS = [
  { label: "text", of: (one: Written) => one.text },
  { label: "title", of: (one: Written) => one.title },
  { label: "folder", of: (one: Written) => one.folderPath },
  { label: "filters", of: (one: Written) => one.metadata.map(({ name, allowedValues }) => `${name}: ${allowedValues.join(", ")}`).join("\n") },
] as const;

function Field({ label, mine, theirs }: { label: (typeof FIELDS)[number]["label"]; mine: string; theirs: string }) {
  if (mine === theirs) return null;
  return (
    <section aria-label={t(`responses.${label}`)}>
      <h3 className={styles.label}>{t(`responses.${label}`)}</h3>
      <div className={styles.pair}>
        <div>
          <span className={styles.whose}>{t("responses.conflict.of.them")}</span>
          <Words before={theirs} after={mine} which="before" />
        </div>
        <div>
          <span className={styles.whose}>{t("responses.conflict.of.me")}</span>
          <Words before={theirs} after={mine} which="after" />
        </div>
      </div>
    </section>
  );
}
