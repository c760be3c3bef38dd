import { IconChartBar } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { Page } from "../../components/Page";
import { Splash } from "../../components/Splash";
import { t } from "../../i18n";
import { useTitle } from "../../platform/useTitle";
import { FEATURES, fetchMetrics, METRICS, type Group, type Metrics as Shown, type Wanted } from "./api";
import { agentName, dayLabel, decimal, duration, listName, percent, queueName, whole } from "./figures";
import { Download, Filters } from "./Filters";
import styles from "./Metrics.module.css";
import { adoptionOf, featuresOf, timesOf } from "./options";
import { FiguresTable, Plot } from "./Plot";
import { Tiles } from "./Tiles";

const EVERYTHING: Wanted = { since: null, until: null, agent: null, queue: null, list: null };

/** What help at writing is worth. */
export default function Metrics() {
  const [wanted, setWanted] = useState(EVERYTHING);
  useTitle(t("console.metrics"));
  const metrics = useMetrics(wanted);
  const all = useMetrics({ ...EVERYTHING, since: wanted.since, until: wanted.until });
  return (
    <Page title={t("console.metrics")} hint={t("metrics.hint")} actions={<Download wanted={wanted} />}>
      <Filters
        wanted={wanted}
        shown={metrics.data}
        all={all.data}
        onChange={(change) => setWanted((before) => ({ ...before, ...change }))}
      />
      {metrics.isPending ? (
        <Splash />
      ) : metrics.isError ? (
        <Failure error={metrics.error} onRetry={() => void metrics.refetch()} />
      ) : metrics.data.total.messages === 0 ? (
        <Empty icon={<IconChartBar size={24} />} title={t("metrics.none")} hint={t("metrics.none.hint")} />
      ) : (
        <div aria-busy={metrics.isPlaceholderData} className={styles.figures}>
          <Sections metrics={metrics.data} />
        </div>
      )}
    </Page>
  );
}

const useMetrics = (wanted: Wanted) =>
  useQuery({
    queryKey: [...METRICS, wanted],
    queryFn: ({ signal }) => fetchMetrics(wanted, signal),
    placeholderData: keepPreviousData,
  });

function Sections({ metrics }: { metrics: Shown }) {
  const { total, days, agents, queues, lists, timeZone } = metrics;
  const adoption = useMemo(() => adoptionOf(days), [days]);
  const times = useMemo(() => timesOf(days), [days]);
  const features = useMemo(() => featuresOf(total), [total]);
  return (
    <>
      <Tiles total={total} />
      <div className={styles.plots}>
        <Plot
          title={t("metrics.by.day")}
          draw={adoption}
          heads={[t("metrics.day"), t("metrics.messages"), t("metrics.adoption")]}
          rows={days.map((day) => ({ key: day.key, cells: [dayLabel(day.key), whole(day.messages), percent(day.adoption)] }))}
        />
        <Plot
          title={t("metrics.by.time")}
          draw={times}
          heads={[t("metrics.day"), t("metrics.with"), t("metrics.without")]}
          rows={days.map((day) => ({
            key: day.key,
            cells: [dayLabel(day.key), decimal(day.craftingWith), decimal(day.craftingWithout)],
          }))}
        />
        <Plot
          title={t("metrics.by.feature")}
          draw={features}
          heads={[t("metrics.feature"), t("metrics.used")]}
          rows={FEATURES.map((one) => ({ key: one, cells: [t(`metrics.feature.${one}`), whole(total.features[one])] }))}
        />
      </div>
      <Groups title={t("metrics.by.list")} groups={lists} name={({ key }) => listName(key)} />
      <Groups title={t("metrics.by.queue")} groups={queues} name={queueName} />
      <Groups title={t("metrics.by.agent")} groups={agents} name={agentName} />
      <p className={styles.zone}>{t("metrics.zone", { zone: timeZone })}</p>
    </>
  );
}

const GROUP_HEADS = [
  "metrics.messages",
  "metrics.adoption",
  "metrics.acceptance",
  "metrics.edits",
  "metrics.with",
  "metrics.without",
  "metrics.characters",
] as const;

function Groups({ title, groups, name }: { title: string; groups: Group[]; name: (group: Group) => string }) {
  if (groups.length === 0) return null;
  return (
    <section className={styles.groups} aria-label={title}>
      <h2 className={styles.cardTitle}>{title}</h2>
      <FiguresTable
        label={title}
        heads={[title, ...GROUP_HEADS.map((head) => t(head))]}
        rows={groups.map((group) => ({
          key: group.key,
          cells: [
            name(group),
            whole(group.messages),
            percent(group.adoption),
            percent(group.acceptanceRate),
            percent(group.editRate),
            duration(group.craftingWith),
            duration(group.craftingWithout),
            whole(group.charactersSaved),
          ],
        }))}
      />
    </section>
  );
}
