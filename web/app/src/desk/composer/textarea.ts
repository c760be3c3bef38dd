import type { Field } from "./writer";

/** A text area as a writer changes it. */
export function fieldOf(area: HTMLTextAreaElement): Field {
  return {
    replace(from, to, text) {
      if (from === to && text === "") return;
      const before = area.value;
      const wasAtEnd = to === before.length;
      area.focus({ preventScroll: true });
      area.setSelectionRange(from, to);
      // The one call that keeps the browser's own undo history.
      if (text === "") document.execCommand("delete");
      else document.execCommand("insertText", false, text);
      if (area.value === before && before.slice(from, to) !== text) forced(area, from, to, text);
      if (wasAtEnd) area.scrollTop = area.scrollHeight;
    },
    select(from, to) {
      area.setSelectionRange(from, to);
    },
    focus: () => area.focus({ preventScroll: true }),
    caret: () => ({ from: area.selectionStart, to: area.selectionEnd }),
  };
}

/** Where the browser has no focus to type into. */
function forced(area: HTMLTextAreaElement, from: number, to: number, text: string): void {
  area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
}
