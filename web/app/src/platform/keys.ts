/** True when a key belongs to the field it was pressed in. */
export function isInField(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** True while a dialog is open: the page behind it must not react. */
export const isBehindDialog = (): boolean => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
