import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** Where the chat takes the whole screen; the style sheet says the same. */
export const FULL_SCREEN = "(max-width: 480px), (max-height: 420px) and (pointer: coarse)";

/** On a phone the keyboard covers the page without resizing it: follow what is left to see. */
export function useVisibleHeight(panel: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const visible = window.visualViewport;
    if (!visible) return;
    const follow = () => {
      panel.current?.style.setProperty("--visible-height", `${visible.height}px`);
      panel.current?.style.setProperty("--visible-top", `${visible.offsetTop}px`);
    };
    follow();
    visible.addEventListener("resize", follow);
    visible.addEventListener("scroll", follow);
    return () => {
      visible.removeEventListener("resize", follow);
      visible.removeEventListener("scroll", follow);
    };
  }, [panel]);
}
