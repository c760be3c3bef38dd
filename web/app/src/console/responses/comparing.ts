import type { ResponseRow } from "./api";

export interface Difference {
  id: string;
  kind: "added" | "changed" | "removed";
  before: ResponseRow | null;
  after: ResponseRow | null;
}

/** What a list says otherwise than another: what came, what changed, what went. */
export function differences(before: readonly ResponseRow[], after: readonly ResponseRow[]): Difference[] {
  const earlier = new Map(before.map((row) => [row.id, row]));
  const found: Difference[] = [];
  for (const row of after) {
    const was = earlier.get(row.id);
    earlier.delete(row.id);
    if (!was) found.push({ id: row.id, kind: "added", before: null, after: row });
    else if (!isSame(was, row)) found.push({ id: row.id, kind: "changed", before: was, after: row });
  }
  for (const row of earlier.values()) found.push({ id: row.id, kind: "removed", before: row, after: null });
  return found;
}

export const countsOf = (found: readonly Difference[]) => ({
  added: found.filter(({ kind }) => kind === "added").length,
  changed: found.filter(({ kind }) => kind === "changed").length,
  removed: found.filter(({ kind }) => kind === "removed").length,
});

const isSame = (one: ResponseRow, other: ResponseRow): boolean =>
  one.text === other.text &&
  one.title === other.title &&
  one.folderPath === other.folderPath &&
  JSON.stringify(one.metadata) === JSON.stringify(other.metadata);
