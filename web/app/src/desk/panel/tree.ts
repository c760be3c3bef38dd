import { ROOT, type Collection, type Folder, type Response } from "./api";

/** A folder with what is in it, at its depth from 0. */
export interface Branch {
  folder: Folder;
  depth: number;
  folders: Branch[];
  responses: Response[];
}

export interface Tree {
  folders: Branch[];
  /** Those at the top level. */
  responses: Response[];
}

const parentOf = (folder: Folder): string => folder.parentFolderId || ROOT;
const folderOf = (response: Response): string => response.folderId || ROOT;

/** Folders in folders; what names a parent that does not exist stands at the top. */
export function treeOf({ folders, responses }: Collection): Tree {
  const known = new Set(folders.map((one) => one.id));
  const at = (id: string): string => (known.has(id) ? id : ROOT);
  const under = grouped(folders, (one) => at(parentOf(one)));
  const inside = grouped(responses, (one) => at(folderOf(one)));
  const branches = (id: string, depth: number): Branch[] =>
    (under.get(id) ?? []).map((folder) => ({
      folder,
      depth,
      folders: branches(folder.id, depth + 1),
      responses: inside.get(folder.id) ?? [],
    }));
  return { folders: branches(ROOT, 0), responses: inside.get(ROOT) ?? [] };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** How much goes with a folder: the folders inside it and all their responses. */
export function contentsOf({ folders, responses }: Branch): { folders: number; responses: number } {
  return folders.map(contentsOf).reduce(
    (sum, one) => ({ folders: sum.folders + one.folders, responses: sum.responses + one.responses }),
    { folders: folders.length, responses: responses.length },
  );
}

/** Folders to choose one from, each under its parent, named by their way from the top. */
export function waysOf(branches: readonly Branch[], way = "", without?: string): { id: string; name: string }[] {
  return branches
    .filter(({ folder }) => folder.id !== without)
    .flatMap(({ folder, folders }) => {
      const name = way ? `${way} / ${folder.name}` : folder.name;
      return [{ id: folder.id, name }, ...waysOf(folders, name, without)];
    });
}

/** The ids of `all` with `some` of them in another order: they share out the places that they have. */
export function rearranged(all: readonly string[], some: readonly string[]): string[] {
  const known = new Set(all);
  const following = some.filter((id) => known.has(id));
  const moved = new Set(following);
  let next = 0;
  return all.map((id) => (moved.has(id) ? following[next++]! : id));
}

/** The ids of `items` with one of them at another place. */
export function movedTo(ids: readonly string[], id: string, index: number): string[] {
  const others = ids.filter((one) => one !== id);
  const place = Math.max(0, Math.min(index, others.length));
  return [...others.slice(0, place), id, ...others.slice(place)];
}
