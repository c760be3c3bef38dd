import { Skeleton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconBooks, IconSearchOff } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { t } from "../../i18n";
import { ROOT, type Response } from "./api";
import { FolderRow } from "./FolderRow";
import styles from "./Panel.module.css";
import { ResponseRow } from "./ResponseRow";
import { Search } from "./Search";
import { treeOf, type Branch } from "./tree";
import { useGlobalFolder, useGlobalFolders, useGlobalSearch } from "./useLists";
import { useFolding, type Folding } from "./useFolding";
import { useInsertion } from "./useInsertion";

const PAUSE_MS = 150;
/** Rows drawn at once; more on demand. */
const SHOWN = 100;

interface TabProps {
  conversation: string | null;
  onInserted: () => void;
}

type Rows = ReturnType<typeof useInsertion>;

/** The company's responses: browsed, searched, inserted. None is hidden for what it is meant for. */
export function GlobalTab({ conversation, onInserted }: TabProps) {
  const [typed, setTyped] = useState("");
  const [term] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const insertion = useInsertion(conversation, onInserted);
  const folding = useFolding();
  return (
    <>
      <div className={styles.tools}>
        <Search label={t("panel.search.globals")} value={typed} onChange={setTyped} />
      </div>
      <div className={styles.list}>{term ? <Found term={term} {...insertion} /> : <Browse {...insertion} {...folding} />}</div>
    </>
  );
}

function Found({ term, ...insertion }: Rows & { term: string }) {
  const found = useGlobalSearch(term);
  if (found.isError) return <Failure error={found.error} title={t("panel.globals.failed")} onRetry={() => void found.refetch()} />;
  if (found.isPending) return <Loading />;
  const { responses } = found.data;
  if (responses.length === 0) return <Empty icon={<IconSearchOff size={24} />} title={t("panel.none", { text: term })} />;
  return (
    <>
      <p className={styles.count} role="status">
        {t("panel.results", { count: responses.length })}
      </p>
      <Responses responses={responses} depth={0} {...insertion} />
    </>
  );
}

function Browse(shared: Rows & Folding) {
  const folders = useGlobalFolders();
  const top = useGlobalFolder(ROOT);
  const tree = useMemo(() => treeOf({ responses: [], folders: folders.data?.folders ?? [] }), [folders.data]);
  const failed = folders.isError ? folders : top.isError ? top : null;
  if (failed) {
    const retry = () => void Promise.all([folders.refetch(), top.refetch()]);
    return <Failure error={failed.error} title={t("panel.globals.failed")} onRetry={retry} />;
  }
  if (!folders.data || !top.data) return <Loading />;
  if (tree.folders.length === 0 && top.data.responses.length === 0) {
    return <Empty icon={<IconBooks size={24} />} title={t("panel.globals.none")} hint={t("panel.globals.none.hint")} />;
  }
  return (
    <>
      {tree.folders.map((branch) => (
        <Shelf key={branch.folder.id} branch={branch} {...shared} />
      ))}
      <Responses responses={top.data.responses} depth={0} {...shared} />
    </>
  );
}

function Shelf({ branch, ...shared }: Rows & Folding & { branch: Branch }) {
  const { folder, depth, folders } = branch;
  const isOpen = shared.isOpen(folder.id);
  return (
    <>
      <FolderRow name={folder.name} depth={depth} isOpen={isOpen} onToggle={() => shared.toggle(folder.id)} />
      {isOpen && folders.map((inner) => <Shelf key={inner.folder.id} branch={inner} {...shared} />)}
      {isOpen && <Contents folderId={folder.id} depth={depth + 1} isBare={folders.length === 0} {...shared} />}
    </>
  );
}

function Contents({ folderId, depth, isBare, ...insertion }: Rows & { folderId: string; depth: number; isBare: boolean }) {
  const { data, isError } = useGlobalFolder(folderId);
  const note = isError ? t("panel.folder.failed") : data ? t("panel.folder.empty") : t("compose.loading");
  if (!data || (data.responses.length === 0 && isBare)) {
    return (
      <p className={styles.nothing} style={{ paddingInlineStart: 20 + depth * 14 }}>
        {note}
      </p>
    );
  }
  return <Responses responses={data.responses} depth={depth} {...insertion} />;
}

function Responses({ responses, depth, textOf, insert }: Rows & { responses: Response[]; depth: number }) {
  const [shown, setShown] = useState(SHOWN);
  return (
    <>
      {responses.slice(0, shown).map((one) => (
        <ResponseRow
          key={one.id}
          response={one}
          text={textOf(one)}
          depth={depth}
          onInsert={insert && (() => insert("GLOBAL_INSERT", one))}
        />
      ))}
      {responses.length > shown && (
        <button type="button" className={styles.more} onClick={() => setShown(shown + SHOWN)}>
          {t("panel.more")}
        </button>
      )}
    </>
  );
}

export const Loading = () => (
  <div className={styles.loading} aria-busy="true" aria-label={t("compose.loading")}>
    {[70, 88, 54, 80].map((width) => (
      <Skeleton key={width} height={14} width={`${width}%`} />
    ))}
  </div>
);
