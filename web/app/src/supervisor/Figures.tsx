import { useStore } from "@rapport/kit/react";
import type { Store } from "@rapport/kit/stream";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { t } from "../i18n";
import { count } from "../i18n/format";
import type { BoardRow } from "../live/board";
import { call } from "../platform/http";
import type { Colleague } from "../platform/types";
import styles from "./Figures.module.css";
import { Sparkline } from "./Sparkline";

/** No event tells that somebody went away, so this is asked for. */
const TEAM_MS = 5_000;

/** The numbers a supervisor looks at first. */
export function Figures({ rows, rate }: { rows: readonly BoardRow[]; rate: Store<readonly number[]> }) {
  const waiting = rows.filter((row) => row.waitingSince !== null).length;
  const unassigned = rows.filter((row) => row.agent === null).length;
  const team = useQuery({
    queryKey: ["team"],
    queryFn: ({ signal }) => call<{ items: Colleague[] }>("/desk/v1/team", { signal }),
    refetchInterval: TEAM_MS,
  });
  const active = team.data?.items.filter((one) => one.status === "active").length;
  return (
    <dl className={styles.figures}>
      <Figure label={t("live.count")}>{count(rows.length)}</Figure>
      <Figure label={t("live.waiting")}>{count(waiting)}</Figure>
      <Figure label={t("live.unassigned")} warns={unassigned > 0}>
        {count(unassigned)}
      </Figure>
      <Figure label={t("live.agents")}>{active === undefined ? "–" : count(active)}</Figure>
      <RateFigure rate={rate} />
    </dl>
  );
}

function RateFigure({ rate }: { rate: Store<readonly number[]> }) {
  const points = useStore(rate);
  const now = points.at(-1) ?? 0;
  return (
    <div className={`${styles.figure} ${styles.rate}`}>
      <dt className={styles.label}>{t("live.rate")}</dt>
      <dd className={`${styles.value} ${styles.line} numeric`}>
        {count(now)}
        <Sparkline points={points} label={t("live.rate.label", { count: now })} />
      </dd>
    </div>
  );
}

const Figure = ({ label, warns = false, children }: { label: string; warns?: boolean; children: ReactNode }) => (
  <div className={styles.figure} data-warns={warns}>
    <dt className={styles.label}>{label}</dt>
    <dd className={`${styles.value} numeric`}>{children}</dd>
  </div>
);
