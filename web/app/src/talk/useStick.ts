import type { Row } from "@rapport/kit/stream";
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** Closer than this to the end is at the end, in pixels. */
const NEAR = 48;

/** Where each conversation was left, so that going back finds the same lines. */
const places = new Map<string, number | "end">();

interface Stick {
  /** Messages of others that came while reading further up. */
  unseen: number;
  isAtEnd: boolean;
  toEnd: () => void;
}

/** Keeps a scroller at its end while it is there, and where it is while it is not. */
export function useStick(
  scroller: RefObject<HTMLDivElement | null>,
  id: string,
  rows: readonly Row[],
  hasTyping: boolean,
): Stick {
  const stuck = useRef(true);
  const [isAtEnd, setIsAtEnd] = useState(true);
  const [seen, setSeen] = useState(Number.POSITIVE_INFINITY);
  const total = countOthers(rows);
  const own = lastOwn(rows);
  const lastOwnShown = useRef(own);

  const stick = useCallback(() => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, [scroller]);

  useLayoutEffect(() => {
    const box = scroller.current;
    const place = places.get(id) ?? "end";
    stuck.current = place === "end";
    if (box) box.scrollTop = place === "end" ? box.scrollHeight : place;
  }, [id, scroller]);

  useLayoutEffect(() => {
    // What one has just written is shown, wherever one was reading.
    if (own !== null && own !== lastOwnShown.current) {
      stuck.current = true;
      lastOwnShown.current = own;
    }
    if (stuck.current) stick();
  }, [rows, own, hasTyping, stick]);

  useEffect(() => {
    const box = scroller.current;
    if (!box) return undefined;
    const onScroll = () => {
      const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
      stuck.current = near;
      places.set(id, near ? "end" : box.scrollTop);
      setIsAtEnd(near);
    };
    box.addEventListener("scroll", onScroll, { passive: true });
    const resized = new ResizeObserver(() => {
      if (stuck.current) stick();
    });
    resized.observe(box);
    return () => {
      box.removeEventListener("scroll", onScroll);
      resized.disconnect();
    };
  }, [id, scroller, stick]);

  useEffect(() => setSeen(isAtEnd ? Number.POSITIVE_INFINITY : total), [isAtEnd]); // counted from where one left

  const toEnd = useCallback(() => {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior: "smooth" });
  }, [scroller]);
  return { unseen: Math.max(0, total - seen), isAtEnd, toEnd };
}

const countOthers = (rows: readonly Row[]): number =>
  rows.reduce((count, row) => (row.kind === "message" && row.role === "customer" ? count + 1 : count), 0);

const lastOwn = (rows: readonly Row[]): string | null =>
  rows.findLast((row) => row.kind === "message" && row.pendingKey !== null)?.id ?? null;
