let wished = false;

/** The next composer that appears takes the focus: asked for by a person's act, never an event's. */
export const wishForFocus = (): void => void (wished = true);

export function takeFocusWish(): boolean {
  const now = wished;
  wished = false;
  return now;
}
