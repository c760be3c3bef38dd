import { useCallback, useEffect, useRef, useState, type MouseEvent, type RefObject } from "react";
import type { Correction } from "./machine";

/** The pointer may cross the gap between a word and what hovers over it. */
const LEAVE_MS = 250;

export interface Tip {
  correction: Correction;
  left: number;
  bottom: number;
}

/** Which corrected word the pointer is on, or the caret in, and where that is. */
export function useTip(mirror: RefObject<HTMLDivElement | null>, corrections: readonly Correction[], caret: number) {
  const [hovered, setHovered] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const stay = useCallback(() => clearTimeout(timer.current), []);
  const leave = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setHovered(null), LEAVE_MS);
  }, []);
  const move = ({ clientX, clientY }: MouseEvent) => {
    const under = marksOf(mirror.current).find((mark) =>
      [...mark.getClientRects()].some(
        ({ left, right, top, bottom }) => clientX >= left && clientX <= right && clientY >= top && clientY <= bottom,
      ),
    );
    const id = under?.dataset["correction"];
    if (!id) return leave();
    stay();
    setHovered(id);
  };
  const shown =
    corrections.find((one) => one.id === hovered) ?? corrections.find((one) => caret >= one.from && caret <= one.to);
  return { tip: shown ? placed(mirror.current, shown) : null, move, stay, leave };
}

function placed(mirror: HTMLDivElement | null, correction: Correction): Tip | null {
  const mark = marksOf(mirror).find((one) => one.dataset["correction"] === correction.id);
  if (!mirror || !mark) return null;
  const bottom = mirror.clientHeight - (mark.offsetTop - mirror.scrollTop) + 4;
  return { correction, left: Math.max(0, Math.min(mark.offsetLeft, mirror.clientWidth - 240)), bottom };
}

const marksOf = (mirror: HTMLDivElement | null): HTMLElement[] => [
  ...(mirror?.querySelectorAll<HTMLElement>("[data-correction]") ?? []),
];
