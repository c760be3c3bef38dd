import { useDebouncedValue } from "@mantine/hooks";
import { useId, useMemo, useState, type KeyboardEvent } from "react";
import { t } from "../../i18n";
import type { Response } from "../panel/api";
import { fill, type Values } from "../panel/inserts";
import { matching, useCustoms, useGlobalSearch } from "../panel/useLists";
import { rowOf, type PickerProps } from "./Picker";
import type { Writer, WriterState } from "./writer";

/** A search follows the typing at this distance. */
const PAUSE_MS = 150;

/** More than these nobody reads: one types on instead. */
const SHOWN = 200;

const NO_RESPONSES: readonly Response[] = [];

interface Picking {
  /** Null while nothing is open. */
  picker: PickerProps | null;
  list: { id: string; active: string | undefined } | null;
  search: () => void;
  /** Answers whether the key was meant for the list. */
  onKeyDown: (event: KeyboardEvent) => boolean;
}

/** The two lists over the composer: one's own responses behind `/`, the company's behind a search. */
export function usePicker(writer: Writer, { composition }: WriterState, values: () => Values): Picking {
  const id = useId();
  const { phase, text } = composition;
  const [searching, setSearching] = useState(false);
  const [place, setPlace] = useState({ of: "", index: 0 });
  const isDrawer = phase === "DRAWER";
  const isSearch = searching && !isDrawer && phase !== "SENDING";
  const query = isDrawer ? text.slice(1).trim() : text.trim();
  const [term] = useDebouncedValue(query, PAUSE_MS);

  const customs = useCustoms(isDrawer);
  const globals = useGlobalSearch(term, isSearch);
  const found = useMemo(() => {
    if (isDrawer) return matching(customs.data?.responses ?? NO_RESPONSES, query);
    return isSearch && query !== "" ? (globals.data?.responses ?? NO_RESPONSES) : NO_RESPONSES;
  }, [isDrawer, isSearch, customs.data, globals.data, query]);
  const choices = found.slice(0, SHOWN).map((one) => ({ id: one.id, title: one.title ?? "", text: fill(one, values()) }));
  // A list of another query begins at its top.
  const active = place.of === query ? Math.min(place.index, choices.length - 1) : 0;

  const close = () => {
    setSearching(false);
    if (isDrawer) writer.closeDrawer();
  };
  const choose = (index: number) => {
    const chosen = choices[index];
    if (!chosen) return;
    setSearching(false);
    if (isDrawer) {
      const details = { customResponseDrawerInserted: { query, text: chosen.text } };
      writer.insert("CUSTOM_DRAWER", chosen.text, "replace", { type: "custom-response-drawer-inserted", details });
    } else {
      const details = { globalPanelInserted: { text: chosen.text } };
      writer.insert("GLOBAL_INSERT", chosen.text, "replace", { type: "global-panel-inserted", details });
    }
  };
  const step = (by: number) =>
    setPlace({ of: query, index: choices.length === 0 ? 0 : (active + by + choices.length) % choices.length });
  const KEYS: Readonly<Record<string, () => void>> = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => choose(active),
    Tab: () => choose(active),
    Escape: close,
  };
  const isOpen = isDrawer || isSearch;
  return {
    picker: isOpen ? { id, label: t(isDrawer ? "compose.drawer" : "compose.search.list"), choices, active, note: note(), onChoose: choose } : null,
    list: isOpen ? { id, active: choices.length > 0 ? rowOf(id, active) : undefined } : null,
    search: () => setSearching(!searching),
    onKeyDown: (event) => {
      const run = isOpen && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey ? KEYS[event.key] : undefined;
      run?.();
      return run !== undefined;
    },
  };

  function note(): string {
    const asked = isDrawer ? customs : globals;
    if (!isDrawer && query === "") return t("compose.search.empty");
    if (asked.isError) return t(isDrawer ? "compose.drawer.failed" : "compose.search.failed");
    if (asked.isPending || (isSearch && term !== query)) return t("compose.loading");
    if (isDrawer && query === "") return t("compose.drawer.empty");
    return t(isDrawer ? "compose.drawer.none" : "compose.search.none", { text: query });
  }
}
