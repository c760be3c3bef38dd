import { Button, SegmentedControl } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowBackUp, IconRocket } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { Confirm } from "../../components/Confirm";
import { Failure } from "../../components/Failure";
import { Splash } from "../../components/Splash";
import { t } from "../../i18n";
import { dateTime } from "../../i18n/format";
import { useChange } from "../../platform/useChange";
import { useTitle } from "../../platform/useTitle";
import { fetchState, fetchVersion, LIST, restoreVersion, STATE, VERSIONS, type ListState, type Version } from "./api";
import { Compare } from "./Compare";
import { DeployDialog, nameOf, useRows } from "./DeployDialog";
import { FileMenu } from "./FileMenu";
import styles from "./ListPage.module.css";
import { EVERYTHING, filterNamesOf, foldersOf, indexed, narrowed, type Order } from "./narrowing";
import { Table } from "./Table";
import { Toolbar } from "./Toolbar";
import { Back, LiveTags } from "./VersionsPage";

/** One saved version: read, compared, deployed, or taken up again. */
export function VersionPage({ id }: { id: string }) {
  const version = useQuery({ queryKey: [...VERSIONS, id], queryFn: ({ signal }) => fetchVersion(id, signal) });
  const state = useQuery({ queryKey: STATE, queryFn: ({ signal }) => fetchState(signal) });
  const failed = version.error ?? state.error;
  if (failed) return <Failure error={failed} onRetry={() => void Promise.all([version.refetch(), state.refetch()])} />;
  if (!version.data || !state.data) return <Splash />;
  return <Shown version={version.data} state={state.data} />;
}

function Shown({ version, state }: { version: Version; state: ListState }) {
  const [, go] = useLocation();
  const [view, setView] = useState<"list" | "compare">("list");
  const [dialog, setDialog] = useState<"restore" | "deploy" | null>(null);
  const name = t("responses.version.number", { number: version.number });
  useTitle(name);
  const restoring = useChange(() => restoreVersion(version.id, state.revision), {
    touches: LIST,
    isQuiet: true,
    onSuccess: () => {
      notifications.show({ message: t("responses.restored", { number: version.number }), color: "teal" });
      go("/console/responses");
    },
  });
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div>
          <h1 className={styles.heading}>
            {name} <LiveTags version={version} />
          </h1>
          <p className={styles.sub}>
            {version.description && `${version.description} · `}
            {t("responses.version.by", { author: version.author, time: dateTime(version.createdAt) })}
          </p>
        </div>
        <div className={styles.acts}>
          <Back />
          <FileMenu version={version.id} />
          <Button variant="default" leftSection={<IconArrowBackUp size={17} />} onClick={() => setDialog("restore")}>
            {t("responses.restore")}
          </Button>
          <Button leftSection={<IconRocket size={17} />} onClick={() => setDialog("deploy")}>
            {t("responses.deploy")}
          </Button>
        </div>
      </header>
      <SegmentedControl
        className={styles.views}
        aria-label={t("responses.view")}
        value={view}
        onChange={(value) => setView(value as typeof view)}
        data={[
          { value: "list", label: t("responses.view.list") },
          { value: "compare", label: t("responses.view.compare") },
        ]}
      />
      {view === "list" ? <Rows id={version.id} /> : <Compare version={version} />}
      <Confirm
        opened={dialog === "restore"}
        title={t("responses.restore.title", { name: nameOf(version) })}
        label={t("responses.restore")}
        onConfirm={() => restoring.mutateAsync()}
        onClose={() => setDialog(null)}
      >
        {t(state.state === "unsaved" ? "responses.restore.loses" : "responses.restore.text")}
      </Confirm>
      <DeployDialog opened={dialog === "deploy"} state={state} version={version} onClose={() => setDialog(null)} />
    </div>
  );
}

const NOTHING: ReadonlySet<string> = new Set();

function Rows({ id }: { id: string }) {
  const rows = useRows(id);
  const [narrowing, setNarrowing] = useState(EVERYTHING);
  const index = useMemo(() => indexed(rows.data ?? []), [rows.data]);
  const shown = useMemo(() => narrowed(index, narrowing), [index, narrowing]);
  if (rows.isError) return <Failure error={rows.error} onRetry={() => void rows.refetch()} />;
  if (rows.isPending) return <Splash />;
  const order = (by: Order) => setNarrowing((now) => ({ ...now, order: by, isDescending: now.order === by && !now.isDescending }));
  return (
    <>
      <Toolbar narrowing={narrowing} onChange={setNarrowing} folders={foldersOf(rows.data)} filters={filterNamesOf(rows.data)} count={shown.length} isComplete />
      <div className={styles.list}>
        <Table rows={shown} narrowing={narrowing} onOrder={order} acts={null} selected={NOTHING} onSelectAll={() => undefined} />
      </div>
    </>
  );
}
