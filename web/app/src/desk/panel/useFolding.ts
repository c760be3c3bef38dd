import { useCallback, useState } from "react";

export interface Folding {
  isOpen: (folder: string) => boolean;
  toggle: (folder: string) => void;
}

/** Which folders of a tree are open: a search in between folds none. */
export function useFolding(): Folding {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((folder: string) => {
    setOpen((now) => (now.has(folder) ? new Set([...now].filter((one) => one !== folder)) : new Set([...now, folder])));
  }, []);
  return { isOpen: (folder) => open.has(folder), toggle };
}
