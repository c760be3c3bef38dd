import type { Row } from "@rapport/kit/stream";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Within this many pixels of the end, a reader follows what comes. */
const NEAR_PX = 48;

interface Following {
  log: RefObject<HTMLDivElement | null>;
  /** True while something newer lies below what is on screen. */
  isBehind: boolean;
  onScroll: () => void;
  toEnd: () => void;
}

/**
 * Keeps the end in view for somebody who reads there, and the place of somebody who reads
 * further up: what is added above moves nothing, what is added below waits.
 */
export function useFollowing(rows: readonly Row[], typing: number): Following {
  const log = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const before = useRef({ first: "", last: "", height: 0 });
  const [isBehind, setBehind] = useState(false);

  const toEnd = () => {
    follows.current = true;
    log.current?.scrollTo({ top: log.current.scrollHeight });
    setBehind(false);
  };
  const onScroll = () => {
    const at = log.current;
    if (!at) return;
    follows.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_PX;
    setBehind(!follows.current);
  };

  useLayoutEffect(() => {
    const at = log.current;
    if (!at) return;
    const first = rows[0]?.id ?? "";
    const last = rows.at(-1);
    const { first: firstBefore, last: lastBefore, height } = before.current;
    const isPrepended = firstBefore !== "" && first !== firstBefore && last?.id === lastBefore;
    const isMineAndNew = last?.kind === "message" && last.role === "customer" && last.id !== lastBefore;
    if (isPrepended) at.scrollTop += at.scrollHeight - height;
    else if (follows.current || isMineAndNew) toEnd();
    before.current = { first, last: last?.id ?? "", height: at.scrollHeight };
  }, [rows, typing]);

  useLayoutEffect(() => {
    const at = log.current;
    if (!at) return;
    // The field grows and the keyboard opens: the end stays in view.
    const watch = new ResizeObserver(() => follows.current && at.scrollTo({ top: at.scrollHeight }));
    watch.observe(at);
    return () => watch.disconnect();
  }, []);

  return { log, isBehind, onScroll, toEnd };
}
