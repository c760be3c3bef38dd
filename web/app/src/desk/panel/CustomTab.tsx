import { ActionIcon, Button } from "@mantine/core";
import { IconBookmark, IconFolderPlus, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { t } from "../../i18n";
import { ROOT, type Response } from "./api";
import { FolderDialog } from "./FolderDialog";
import { Loading } from "./GlobalTab";
import { OwnFolder } from "./OwnFolder";
import { OwnRow } from "./OwnRow";
import styles from "./Panel.module.css";
import { ResponseDialog } from "./ResponseDialog";
import { Search } from "./Search";
import { treeOf, type Branch } from "./tree";
import { useFolding } from "./useFolding";
import { useInsertion } from "./useInsertion";
import { EMPTY, matching, useCustoms } from "./useLists";
import { useOwn } from "./useOwn";

interface CustomTabProps {
  conversation: string | null;
  onInserted: () => void;
}

/** The agent's own responses: browsed, searched, inserted, and kept in order. */
export function CustomTab({ conversation, onInserted }: CustomTabProps) {
  const customs = useCustoms();
  const { textOf, insert } = useInsertion(conversation, onInserted);
  const { remove, moveTo, place, step } = useOwn();
  const folding = useFolding();
  const [typed, setTyped] = useState("");
  const [edited, setEdited] = useState<Response | "new" | null>(null);
  const [isNewFolder, setIsNewFolder] = useState(false);
  const [moved, setMoved] = useState("");
  const data = customs.data ?? EMPTY;
  const tree = useMemo(() => treeOf(data), [data]);
  const byId = (id: string) => data.responses.find((one) => one.id === id);
  const query = typed.trim();

  const rows = (siblings: readonly Response[], depth: number) =>
    siblings.map((one, index) => (
      <OwnRow
        key={one.id}
        response={one}
        text={textOf(one)}
        depth={depth}
        isFirst={index === 0}
        isLast={index === siblings.length - 1}
        onInsert={insert && (() => insert("CUSTOM_INSERT", one))}
        onEdit={() => setEdited(one)}
        onRemove={() => remove(one)}
        onStep={(by) => {
          const at = step(siblings, one.id, by);
          if (at !== null) setMoved(t("customs.moved", { title: one.title ?? "", place: at }));
        }}
        onDropped={(id) => {
          const dropped = byId(id);
          if (!dropped || dropped.id === one.id) return;
          moveTo(dropped, one.folderId || ROOT);
          place(siblings, dropped.id, index);
        }}
      />
    ));
  const folder = (branch: Branch) => (
    <OwnFolder
      key={branch.folder.id}
      branch={branch}
      isOpen={folding.isOpen(branch.folder.id)}
      onToggle={() => folding.toggle(branch.folder.id)}
      onDropped={(id) => {
        const dropped = byId(id);
        if (dropped) moveTo(dropped, branch.folder.id);
      }}
    >
      {branch.folders.map(folder)}
      {rows(branch.responses, branch.depth + 1)}
    </OwnFolder>
  );
  const found = query ? matching(data.responses, query) : null;
  return (
    <>
      <div className={styles.tools}>
        <Search label={t("panel.search.customs")} value={typed} onChange={setTyped} />
        <ActionIcon variant="default" size={36} aria-label={t("customs.newFolder")} title={t("customs.newFolder")} onClick={() => setIsNewFolder(true)}>
          <IconFolderPlus size={18} />
        </ActionIcon>
        <ActionIcon variant="default" size={36} aria-label={t("customs.new")} title={t("customs.new")} onClick={() => setEdited("new")}>
          <IconPlus size={18} />
        </ActionIcon>
      </div>
      <div className={styles.list}>{contents()}</div>
      <span className="said" aria-live="polite">
        {moved}
      </span>
      {edited !== null && (
        <ResponseDialog {...(edited === "new" ? {} : { response: edited })} onClose={() => setEdited(null)} />
      )}
      {isNewFolder && <FolderDialog onClose={() => setIsNewFolder(false)} />}
    </>
  );

  function contents() {
    if (customs.isError) {
      return <Failure error={customs.error} title={t("customs.failed")} onRetry={() => void customs.refetch()} />;
    }
    if (customs.isPending) return <Loading />;
    if (found?.length === 0) return <Empty icon={<IconSearchOff size={24} />} title={t("panel.none", { text: query })} />;
    if (found) return rows(found, 0);
    if (data.folders.length + data.responses.length === 0) {
      return (
        <Empty
          icon={<IconBookmark size={24} />}
          title={t("customs.none")}
          hint={t("customs.none.hint")}
          action={<Button onClick={() => setEdited("new")}>{t("customs.new")}</Button>}
        />
      );
    }
    return (
      <>
        {tree.folders.map(folder)}
        {rows(tree.responses, 0)}
      </>
    );
  }
}
