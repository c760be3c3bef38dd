/** kit/stream in React. */
import { useSyncExternalStore } from "react";
import type { Store } from "../stream";

/** The store's present value; the component renders again when it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}
