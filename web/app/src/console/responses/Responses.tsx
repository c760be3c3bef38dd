import { Button, Select, TextInput } from "@mantine/core";
import { IconBook2, IconFileImport, IconPlus, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { Page } from "../../components/Page";
import sheet from "../../components/Sheet.module.css";
import { Splash } from "../../components/Splash";
import { t } from "../../i18n";
import { useTitle } from "../../platform/useTitle";
import { fetchResponses, RESPONSES, type LibraryResponse, type ResponsePage } from "./api";
import { ImportDialog } from "./ImportDialog";
import { ResponseDialog } from "./ResponseDialog";
import { ResponseItem } from "./ResponseItem";
import styles from "./Responses.module.css";
import { useRemoval } from "./useRemoval";

/** Until what was written has been learned, the list asks again this often. */
const LEARNING_MS = 2_000;

/** The answers that a company has written for its agents. */
export default function Responses() {
  const [search, setSearch] = useState("");
  const [folder, setFolder] = useState<string | null>(null);
  const [dialog, setDialog] = useState<"add" | "edit" | "import" | null>(null);
  const [edited, setEdited] = useState<LibraryResponse | null>(null);
  const { hidden, remove } = useRemoval();
  const list = useRef<HTMLUListElement>(null);
  const words = useDeferredValue(search.trim().toLocaleLowerCase());
  useTitle(t("console.responses"));
  const library = useInfiniteQuery({
    queryKey: RESPONSES,
    queryFn: ({ pageParam, signal }) => fetchResponses(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state }) => (state.data?.pages.some(isLearning) ? LEARNING_MS : false),
  });
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = library;
  useEffect(() => {
    // The whole library is read, because a search must look everywhere.
    if (hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isError, fetchNextPage]);
  const all = useMemo(
    () => library.data?.pages.flatMap((page) => page.responses).filter(({ id }) => !hidden.has(id)) ?? [],
    [library.data, hidden],
  );
  const folders = useMemo(() => foldersOf(all), [all]);
  const shown = useMemo(() => all.filter((one) => isIn(one, folder) && has(one, words)), [all, folder, words]);
  const edit = useCallback((response: LibraryResponse) => {
    setEdited(response);
    setDialog("edit");
  }, []);
  const removeAt = useCallback(
    ({ id }: LibraryResponse) => {
      remove(id);
      focusNext(list.current);
    },
    [remove],
  );
  return (
    <Page
      title={t("console.responses")}
      hint={t("responses.hint")}
      actions={
        <>
          <Button variant="default" leftSection={<IconFileImport size={17} />} onClick={() => setDialog("import")}>
            {t("responses.import")}
          </Button>
          <Button leftSection={<IconPlus size={17} />} onClick={() => setDialog("add")}>
            {t("responses.add")}
          </Button>
        </>
      }
    >
      <div className={sheet.filters}>
        <TextInput
          className={sheet.search}
          aria-label={t("responses.search")}
          placeholder={t("responses.search")}
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Select
          aria-label={t("responses.folder")}
          placeholder={t("responses.folder.all")}
          data={folders}
          value={folder}
          onChange={setFolder}
          clearable
          searchable
          w={220}
        />
        <span className={sheet.soft} style={{ alignSelf: "center" }} role="status">
          {library.data && t("responses.count", { count: shown.length })}
        </span>
      </div>
      {library.isPending ? (
        <Splash />
      ) : library.isError && all.length === 0 ? (
        <Failure error={library.error} onRetry={() => void library.refetch()} />
      ) : shown.length === 0 ? (
        <Empty
          icon={<IconBook2 size={24} />}
          title={t(all.length === 0 ? "responses.none" : "responses.none.match")}
          hint={all.length === 0 ? t("responses.none.hint") : ""}
        />
      ) : (
        <ul ref={list} className={styles.list}>
          {shown.map((response) => (
            <ResponseItem key={response.id} response={response} onEdit={edit} onRemove={removeAt} />
          ))}
        </ul>
      )}
      <ResponseDialog opened={dialog === "add"} response={null} folders={folders} onClose={() => setDialog(null)} />
      <ResponseDialog opened={dialog === "edit"} response={edited} folders={folders} onClose={() => setDialog(null)} />
      <ImportDialog opened={dialog === "import"} onClose={() => setDialog(null)} />
    </Page>
  );
}

/** Who works with the keyboard goes on beside the row that is going away. */
function focusNext(list: HTMLUListElement | null): void {
  const row = document.activeElement?.closest("li");
  if (!row || !list?.contains(row)) return;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  [...(next?.querySelectorAll("button") ?? [])].at(-1)?.focus();
}

const isLearning = (page: ResponsePage): boolean => page.responses.some(({ suggested }) => !suggested);

const foldersOf = (all: readonly LibraryResponse[]): string[] =>
  [...new Set(all.flatMap((one) => (one.folder ? [one.folder] : [])))].sort((a, b) => a.localeCompare(b));

const isIn = (response: LibraryResponse, folder: string | null): boolean => folder === null || response.folder === folder;

const has = ({ text, title }: LibraryResponse, words: string): boolean =>
  !words || text.toLocaleLowerCase().includes(words) || title.toLocaleLowerCase().includes(words);
