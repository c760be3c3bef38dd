import type { ConversationState, Store } from "@rapport/kit/stream";
import { ApiError } from "../../platform/http";
import type { ComposeApi } from "./api";
import type { Report } from "./report";

/** Whoever presses Enter waits no longer than this for a check: then the message goes. */
export const CHECK_MS = 800;

/** The last word's spelling is worth less of a wait, and takes none from the check. */
export const SPELL_MS = 250;

/** Before each further try to report a message: milliseconds. */
const AGAIN_MS = [250, 500, 1_000];

/** A moment from which on nothing is waited for. */
export function deadlineIn(ms: number): AbortSignal {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), ms);
  return abort.signal;
}

/** What was asked for, or `otherwise` when that fails or is late. */
export function inTime<T>(asked: Promise<T>, deadline: AbortSignal, otherwise: T): Promise<T> {
  const late = new Promise<T>((resolve) => {
    if (deadline.aborted) resolve(otherwise);
    deadline.addEventListener("abort", () => resolve(otherwise), { once: true });
  });
  return Promise.race([asked.catch(() => otherwise), late]);
}

/** Runs once the message sent under `key` is stored, with its id; never, if it is given up. */
export function whenStored(talk: Store<ConversationState>, key: string, run: (message: string) => void): () => void {
  let stop: () => void = () => undefined;
  const look = () => {
    const { timeline, outbox } = talk.get();
    const stored = timeline.entries.findLast((entry) => entry.kind === "message" && entry.key === key);
    if (!stored && outbox.some((one) => one.key === key)) return;
    stop();
    if (stored) run(stored.id);
  };
  stop = talk.subscribe(look);
  look();
  return stop;
}

/** Reports a stored message, and tries again when the trouble may pass. */
export async function reportSent(api: ComposeApi, conversation: string, message: string, report: Report): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await api.sent(conversation, message, report);
    } catch (error) {
      const wait = AGAIN_MS[tries];
      if (wait === undefined || !mayPass(error)) return;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

const mayPass = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
