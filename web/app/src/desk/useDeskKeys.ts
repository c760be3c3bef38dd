import { useEffect } from "react";
import type { Row } from "../live/summary";
import { isBehindDialog, isInField } from "../platform/keys";
import { wishForFocus } from "./focus";

interface DeskKeys {
  rows: readonly Row[];
  id: string | null;
  go: (address: string) => void;
}

/** Alt and an arrow everywhere, J and K outside fields: the next or the previous conversation. */
export function useDeskKeys({ rows, id, go }: DeskKeys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = stepOf(event);
      if (step === 0 || rows.length === 0 || isBehindDialog()) return;
      event.preventDefault();
      const here = rows.findIndex((row) => row.id === id);
      const next = here === -1 ? (step > 0 ? 0 : rows.length - 1) : (here + step + rows.length) % rows.length;
      if (event.altKey) wishForFocus();
      go(`/desk/c/${rows[next]!.id}`);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [rows, id, go]);
}

function stepOf(event: KeyboardEvent): number {
  if (event.ctrlKey || event.metaKey) return 0;
  if (event.altKey) return event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (isInField(event)) return 0;
  return event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
}
