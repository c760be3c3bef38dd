import { Button } from "@mantine/core";
import { IconBook2, IconPlus, IconUpload } from "@tabler/icons-react";
import { useCallback, useDeferredValue, useMemo, useState } from "react";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { Splash } from "../../components/Splash";
import { t } from "../../i18n";
import { useTitle } from "../../platform/useTitle";
import type { ResponseRow } from "./api";
import { FileMenu } from "./FileMenu";
import styles from "./ListPage.module.css";
import { MoveDialog } from "./MoveDialog";
import { EVERYTHING, filterNamesOf, foldersOf, indexed, narrowed, type Order } from "./narrowing";
import { ResponseDialog } from "./ResponseDialog";
import { SelectionBar } from "./SelectionBar";
import { StateBar } from "./StateBar";
import { Table } from "./Table";
import { Toolbar } from "./Toolbar";
import { UploadDialog } from "./UploadDialog";
import { useDraft } from "./useDraft";
import { useRemoval } from "./useRemoval";
import { useSelection } from "./useSelection";

/** The draft: sought through, written, and made into versions. */
export function ListPage() {
  const draft = useDraft();
  const { hidden, remove, finish } = useRemoval(draft);
  const [narrowing, setNarrowing] = useState(EVERYTHING);
  const [editing, setEditing] = useState<ResponseRow | "new" | null>(null);
  const [isMoving, setIsMoving] = useState(false);
  const [isUploading, setIsUploading] = useState(false);
  useTitle(t("console.responses"));

  const all = useMemo(() => draft.rows.filter(({ id }) => !hidden.has(id)), [draft.rows, hidden]);
  const index = useMemo(() => indexed(all), [all]);
  const folders = useMemo(() => foldersOf(all), [all]);
  const filters = useMemo(() => filterNamesOf(all), [all]);
  const wanted = useDeferredValue(narrowing);
  const shown = useMemo(() => narrowed(index, wanted), [index, wanted]);
  const { selected, select, selectAll, clear } = useSelection(shown);

  const removeRow = useCallback((row: ResponseRow) => remove([row.id]), [remove]);
  const acts = useMemo(() => ({ onEdit: setEditing, onRemove: removeRow, onSelect: select }), [removeRow, select]);
  const order = (by: Order) => setNarrowing((now) => ({ ...now, order: by, isDescending: now.order === by && !now.isDescending }));
  const add = () => setEditing("new");
  if (draft.isPending) return <Splash />;
  if (draft.error || !draft.state) return <Failure error={draft.error} onRetry={draft.retry} />;
  const isEmpty = draft.isComplete && all.length === 0;
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1 className={styles.heading}>{t("console.responses")}</h1>
        <div className={styles.acts}>
          <FileMenu />
          <Button variant="default" leftSection={<IconUpload size={17} />} onClick={() => void finish().then(() => setIsUploading(true))}>
            {t("responses.upload")}
          </Button>
          <Button leftSection={<IconPlus size={17} />} onClick={add}>
            {t("responses.add")}
          </Button>
        </div>
      </header>
      <StateBar state={draft.state} revision={draft.revision} settle={finish} />
      {selected.size > 0 ? (
        <SelectionBar
          count={selected.size}
          onMove={() => setIsMoving(true)}
          onRemove={() => {
            remove([...selected]);
            clear();
          }}
          onClear={clear}
        />
      ) : (
        <Toolbar narrowing={narrowing} onChange={setNarrowing} folders={folders} filters={filters} count={shown.length} isComplete={draft.isComplete} />
      )}
      <div className={styles.list}>
        {isEmpty ? (
          <Empty icon={<IconBook2 size={24} />} title={t("responses.none")} hint={t("responses.none.hint")} action={<Button onClick={add}>{t("responses.add")}</Button>} />
        ) : shown.length === 0 ? (
          <Empty
            icon={<IconBook2 size={24} />}
            title={t("responses.none.match")}
            action={
              <Button variant="default" onClick={() => setNarrowing(EVERYTHING)}>
                {t("action.clear")}
              </Button>
            }
          />
        ) : (
          <Table rows={shown} narrowing={wanted} onOrder={order} acts={acts} selected={selected} onSelectAll={selectAll} />
        )}
      </div>
      <ResponseDialog editing={editing} draft={draft} folders={folders} onClose={() => setEditing(null)} />
      <MoveDialog opened={isMoving} ids={[...selected]} draft={draft} folders={folders} onMoved={clear} onClose={() => setIsMoving(false)} />
      <UploadDialog opened={isUploading} revision={draft.revision} isUnsaved={draft.state.state === "unsaved"} onClose={() => setIsUploading(false)} />
    </div>
  );
}
