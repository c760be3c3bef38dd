/** kit/stream in Preact. */
import { useLayoutEffect, useReducer } from "preact/hooks";
import type { Store } from "../stream";

/** The store's present value; the component renders again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const value = store.get();
  const [, render] = useReducer((count: number) => count + 1, 0);
  useLayoutEffect(() => {
    const stop = store.subscribe(() => render(undefined));
    // It may have changed between drawing and listening.
    if (store.get() !== value) render(undefined);
    return stop;
  }, [store]);
  return value;
}
