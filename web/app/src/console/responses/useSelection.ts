import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ResponseRow } from "./api";

const NONE: ReadonlySet<string> = new Set();

/** Which of the rows in sight are chosen; with shift, all from the last one on. */
export function useSelection(rows: readonly ResponseRow[]) {
  const [chosen, setChosen] = useState(NONE);
  const last = useRef<string | null>(null);
  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  });
  // What is not in sight any more must not be deleted unseen.
  const selected = useMemo(() => {
    const inSight = rows.filter(({ id }) => chosen.has(id));
    return inSight.length === chosen.size ? chosen : new Set(inSight.map(({ id }) => id));
  }, [rows, chosen]);
  const select = useCallback((id: string, isRange: boolean) => {
    const ids = latest.current.map((row) => row.id);
    const from = last.current === null ? -1 : ids.indexOf(last.current);
    const to = ids.indexOf(id);
    last.current = id;
    setChosen((now) => {
      const next = new Set(now);
      if (isRange && from >= 0) for (const one of ids.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(one);
      else if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const selectAll = useCallback((all: boolean) => setChosen(all ? new Set(latest.current.map(({ id }) => id)) : NONE), []);
  const clear = useCallback(() => setChosen(NONE), []);
  return { selected, select, selectAll, clear };
}
