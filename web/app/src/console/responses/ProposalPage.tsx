import { Button, Checkbox } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBulbOff, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useId, useRef, useState } from "react";
import { useLocation } from "wouter";
import { Empty } from "../../components/Empty";
import { explain, Failure } from "../../components/Failure";
import { Splash } from "../../components/Splash";
import { currentLanguage, t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { useTitle } from "../../platform/useTitle";
import { percent } from "../models/figures";
import { fetchState, LIST, STATE, type ListState } from "./api";
import styles from "./ListPage.module.css";
import { Pieces } from "./Pieces";
import rows from "./Proposal.module.css";
import { fetchProposal, PROPOSALS, takeProposed, type Proposed } from "./proposals";
import { Back } from "./VersionsPage";

/** What is proposed: reviewed by a person, who picks what goes into the draft. */
export function ProposalPage({ id }: { id: string }) {
  const found = useQuery({ queryKey: [...PROPOSALS, id], queryFn: ({ signal }) => fetchProposal(id, signal) });
  const state = useQuery({ queryKey: STATE, queryFn: ({ signal }) => fetchState(signal) });
  useTitle(t("proposals.title"));
  const failed = found.error ?? state.error;
  if (failed) return <Failure error={failed} onRetry={() => void Promise.all([found.refetch(), state.refetch()])} />;
  if (!found.data || !state.data) return <Splash />;
  const { responses } = found.data;
  if (responses.length === 0) {
    return <Empty icon={<IconBulbOff size={24} />} title={t("proposals.nothing")} hint={t("proposals.none.hint")} action={<Back />} />;
  }
  return <Review id={id} responses={responses} state={state.data} />;
}

/** How tall a row is until it has been measured, in pixels. */
const ROW = 76;

function Review({ id, responses, state }: { id: string; responses: readonly Proposed[]; state: ListState }) {
  const [, go] = useLocation();
  const group = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [picked, setPicked] = useState<ReadonlySet<number>>(() => new Set(responses.map(({ number }) => number)));
  const virtual = useVirtualizer({ count: responses.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 6 });
  const taking = useChange(() => takeProposed(id, state.revision, [...picked].sort((a, b) => a - b)), {
    touches: LIST,
    isQuiet: true,
    onSuccess: ({ added, known }) => {
      notifications.show({ message: t("proposals.taken", { count: added, known }), color: "teal" });
      go("/console/responses");
    },
  });
  const pick = (number: number, isPicked: boolean) => {
    const next = new Set(picked);
    if (isPicked) next.add(number);
    else next.delete(number);
    setPicked(next);
  };
  const isAll = picked.size === responses.length;
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div>
          <h1 className={styles.heading}>{t("proposals.review")}</h1>
          <p className={styles.sub}>{t("proposals.review.hint")}</p>
        </div>
        <div className={styles.acts}>
          <Back />
          <Button leftSection={<IconPlus size={17} />} loading={taking.isPending} disabled={picked.size === 0} onClick={() => taking.mutate()}>
            {t("proposals.take", { count: picked.size })}
          </Button>
        </div>
      </header>
      {taking.isError && (
        <p role="alert" style={{ color: "var(--bad)" }}>
          {explain(taking.error)}
        </p>
      )}
      <div className={styles.tools}>
        <Checkbox
          size="xs"
          label={t("responses.select.all")}
          checked={isAll}
          indeterminate={picked.size > 0 && !isAll}
          onChange={(event) => setPicked(new Set(event.currentTarget.checked ? responses.map(({ number }) => number) : []))}
        />
        <span className={styles.count} role="status">
          {t("responses.selected", { count: picked.size })}
        </span>
      </div>
      <div ref={scroller} className={`${styles.list} ${rows.frame}`}>
        <ul className={rows.rows} style={{ blockSize: virtual.getTotalSize() }} aria-label={t("proposals.review")}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const one = responses[index]!;
            return (
              <li key={one.number} ref={virtual.measureElement} data-index={index} className={rows.row} style={{ transform: `translateY(${start}px)` }}>
                <Checkbox
                  id={`${group}-${one.number}`}
                  size="xs"
                  mt={3}
                  aria-label={t("responses.select", { name: one.text.slice(0, 60) })}
                  checked={picked.has(one.number)}
                  onChange={(event) => pick(one.number, event.currentTarget.checked)}
                />
                <Words one={one} box={`${group}-${one.number}`} />
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}

/** The text picks it too: a box alone is small to hit. */
function Words({ one: { text, wordings, folder, conversations, coverage }, box }: { one: Proposed; box: string }) {
  const others = wordings.filter((wording) => wording !== text);
  return (
    <div className={rows.words}>
      <label htmlFor={box} className={rows.text} dir="auto">
        <Pieces text={text} />
      </label>
      {others.length > 0 && (
        <details className={rows.others}>
          <summary>{t("proposals.wordings", { count: others.length })}</summary>
          <ul>
            {others.map((wording) => (
              <li key={wording} dir="auto">
                <Pieces text={wording} />
              </li>
            ))}
          </ul>
        </details>
      )}
      <div className={rows.facts}>
        {[folder, t("models.conversations", { count: conversations }), t("proposals.coverage", { share: percent(coverage, currentLanguage()) })].filter(Boolean).join(" · ")}
      </div>
    </div>
  );
}
