import { Button, Progress, Text } from "@mantine/core";
import { IconArrowBackUp, IconChartLine, IconSchool } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { Confirm } from "../../components/Confirm";
import { Empty } from "../../components/Empty";
import { explain, Failure } from "../../components/Failure";
import { Page } from "../../components/Page";
import { Sheet } from "../../components/Sheet";
import sheet from "../../components/Sheet.module.css";
import { Splash } from "../../components/Splash";
import { Tag } from "../../components/Tag";
import { currentLanguage, t } from "../../i18n";
import { dateTime } from "../../i18n/format";
import { useChange } from "../../platform/useChange";
import { useTitle } from "../../platform/useTitle";
import { deployModel, fetchModels, fetchTraining, MODELS, rollBack, train, type Model } from "./api";
import { figureName, percent, sharesOf } from "./figures";
import styles from "./Models.module.css";

const Chart = lazy(() => import("./Chart"));

/** What the company's models are, how good they are, and which are at work. */
export default function Models() {
  useTitle(t("console.models"));
  const [training, setTraining] = useState<string | null>(null);
  const models = useQuery({ queryKey: MODELS, queryFn: ({ signal }) => fetchModels(signal), staleTime: 0 });
  const asking = useChange(train, { touches: [], onSuccess: setTraining });
  const kinds = [...new Set(models.data?.map(({ kind }) => kind) ?? [])].sort();
  return (
    <Page
      title={t("console.models")}
      hint={t("models.hint")}
      actions={
        <Button leftSection={<IconSchool size={17} />} loading={asking.isPending} disabled={training !== null} onClick={() => asking.mutate()}>
          {t("models.train")}
        </Button>
      }
    >
      {training && <Underway id={training} onOver={() => setTraining(null)} />}
      {models.isPending ? (
        <Splash />
      ) : models.isError ? (
        <Failure error={models.error} onRetry={() => void models.refetch()} />
      ) : kinds.length === 0 ? (
        <Empty icon={<IconChartLine size={24} />} title={t("models.none")} hint={t("models.none.hint")} />
      ) : (
        kinds.map((kind) => <Kind key={kind} kind={kind} models={models.data.filter((one) => one.kind === kind)} />)
      )}
    </Page>
  );
}

const AGAIN_MS = 1_000;

/** A training under way; how it ended stays until somebody has read it. */
function Underway({ id, onOver }: { id: string; onOver: () => void }) {
  const client = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ["training", id],
    queryFn: ({ signal }) => fetchTraining(id, signal),
    refetchInterval: ({ state }) => (isOver(state.data?.state) ? false : AGAIN_MS),
    staleTime: 0,
  });
  const state = data?.state;
  useEffect(() => {
    if (isOver(state)) void client.invalidateQueries({ queryKey: MODELS });
  }, [client, state]);
  const share = data && data.total > 0 ? data.done / data.total : 0;
  // Where there was too little to learn from, nothing was ever to be done.
  const isIdle = state === "done" && data?.total === 0;
  const text = error ? explain(error) : t(`models.training.${isIdle ? "idle" : (state ?? "waiting")}`);
  return (
    <div className={styles.training} role="status">
      <div className={styles.line}>
        <Text fw={550}>{text}</Text>
        {(isOver(state) || error) && (
          <Button variant="default" size="compact-sm" onClick={onOver}>
            {t("action.done")}
          </Button>
        )}
      </div>
      {!isOver(state) && !error && <Progress value={Math.max(3, share * 100)} animated striped aria-label={text} />}
    </div>
  );
}

const isOver = (state: string | undefined): boolean => state === "done" || state === "failed" || state === "unknown";

function Kind({ kind, models }: { kind: string; models: readonly Model[] }) {
  const [asked, setAsked] = useState<Model | "back" | null>(null);
  const deploying = useChange(deployModel, { touches: MODELS, isQuiet: true });
  const back = useChange(() => rollBack(kind), { touches: MODELS, isQuiet: true });
  const name = kindName(kind);
  const live = models.find(({ state }) => state === "live");
  const hasOlder = models.some(({ state, version }) => state === "retired" && live && version < live.version);
  const oldestFirst = [...models].sort((a, b) => a.version - b.version);
  return (
    <section className={styles.kind} aria-label={name}>
      <header className={styles.header}>
        <h2 className={styles.title}>{name}</h2>
        <Button variant="default" leftSection={<IconArrowBackUp size={17} />} disabled={!hasOlder} onClick={() => setAsked("back")}>
          {t("models.back")}
        </Button>
      </header>
      <div className={styles.chart}>
        <Suspense fallback={<Splash />}>
          <Chart label={t("models.chart", { name })} models={oldestFirst} />
        </Suspense>
      </div>
      <Sheet label={name} stacks>
        <thead>
          <tr>
            <th scope="col">{t("responses.version")}</th>
            <th scope="col">{t("models.figures")}</th>
            <th scope="col">{t("models.trainedOn")}</th>
            <th scope="col">{t("models.time")}</th>
            <th scope="col">
              <span className="said">{t("responses.acts")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.id}>
              <td style={{ whiteSpace: "nowrap" }}>
                <span className={sheet.main}>{t("responses.version.number", { number: model.version })}</span> <State model={model} />
              </td>
              <td>
                {sharesOf(model).map(([figure, share]) => (
                  <div key={figure} className={styles.figure}>
                    <b className="numeric">{percent(share, currentLanguage())}</b> {figureName(figure)}
                  </div>
                ))}
              </td>
              <td className={sheet.soft} data-label={t("models.trainedOn")}>
                {learntFrom(model)}
              </td>
              <td className="numeric" style={{ whiteSpace: "nowrap" }} data-label={t("models.time")}>
                {dateTime(model.createdAt)}
              </td>
              <td className={sheet.end}>
                {model.state !== "live" && (
                  <Button variant="default" size="compact-sm" aria-label={t("models.deploy.of", { number: model.version })} onClick={() => setAsked(model)}>
                    {t("models.deploy")}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </Sheet>
      <Confirm
        opened={asked !== null}
        title={t(asked === "back" ? "models.back.title" : "models.deploy.title")}
        label={t(asked === "back" ? "models.back" : "models.deploy")}
        onConfirm={() => (asked === "back" ? back.mutateAsync() : deploying.mutateAsync((asked as Model).id))}
        onClose={() => setAsked(null)}
      >
        {t(asked === "back" ? "models.back.text" : "models.deploy.text")}
      </Confirm>
    </section>
  );
}

const TONES = { live: "good", candidate: "accent", rejected: "bad", retired: "plain" } as const;

const State = ({ model: { state } }: { model: Model }) => <Tag tone={TONES[state]}>{t(`models.state.${state}`)}</Tag>;

const kindName = (kind: string): string => (kind === "ranking" || kind === "completion" ? t(`models.kind.${kind}`) : kind);

function learntFrom({ trainedOn }: Model): string {
  const { conversations, messages } = trainedOn;
  if (typeof conversations !== "number") return "";
  const told = t("models.conversations", { count: conversations });
  return typeof messages === "number" ? `${told}, ${t("models.messages", { count: messages })}` : told;
}
