/** What a page may listen to. `chat:show` and `chat:hide` can be prevented. */
export const EVENT_NAMES = [
  "booted",
  "ready",
  "opened",
  "closed",
  "message",
  "destroyed",
  "chat:show",
  "chat:hide",
] as const;

export type EventName = (typeof EVENT_NAMES)[number];

/** The widget's own events, apart from those of the page. */
export class Emitter {
  readonly #target = new EventTarget();
  readonly #listeners = new Map<string, Map<EventListener, EventListener>>();

  on(name: string, handler: EventListener): void {
    const handlers = this.#listeners.get(name) ?? new Map<EventListener, EventListener>();
    this.#listeners.set(name, handlers);
    if (handlers.has(handler)) return;
    // An error of the page's handler is reported as the page's, and stops nothing of ours.
    const safe: EventListener = (event) => {
      try {
        handler(event);
      } catch (error) {
        console.error(`rapport: a handler of "${name}" failed`, error);
      }
    };
    handlers.set(handler, safe);
    this.#target.addEventListener(name, safe);
  }

  off(name: string, handler: EventListener): void {
    const safe = this.#listeners.get(name)?.get(handler);
    if (!safe) return;
    this.#listeners.get(name)!.delete(handler);
    this.#target.removeEventListener(name, safe);
  }

  /** False when a handler prevented it. */
  emit(name: EventName, detail: object = {}, cancelable = false): boolean {
    return this.#target.dispatchEvent(new CustomEvent(name, { detail, cancelable }));
  }
}
