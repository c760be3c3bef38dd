import type { Frame, Recorded } from "./protocol";

/** A frame that does not continue what this reader has: the connection must begin again. */
export class GapError extends Error {
  override readonly name = "GapError";

  constructor(
    readonly cursor: string | null,
    readonly after: string,
  ) {
    super(`a frame after ${after} does not continue ${cursor ?? "the beginning"}`);
  }
}

export interface Folded {
  /** Where this state stands in its topic; null before the first subscription was answered. */
  readonly cursor: string | null;
}

export type Reducer<S> = (state: S, event: Recorded<never>) => S;
export type Reducers<S> = Readonly<Record<string, Reducer<S>>>;

/** A reducer table as a step over frames: a repeated frame changes nothing, a gap throws. */
export function folding<S extends Folded>(reducers: Reducers<S>): (state: S, frame: Frame) => S {
  return (state, frame) => {
    if (frame.cursor === state.cursor) return state;
    if (frame.after !== state.cursor) throw new GapError(state.cursor, frame.after);
    const next = frame.events.reduce(
      (folded, event) => reducers[event.type]?.(folded, event as Recorded<never>) ?? folded,
      state,
    );
    return { ...next, cursor: frame.cursor };
  };
}
