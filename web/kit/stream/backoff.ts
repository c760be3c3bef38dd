/** Reconnection delays: 250 ms doubling to 10 s, each drawn from the upper half of its step. */
export const FIRST_DELAY_MS = 250;
export const LONGEST_DELAY_MS = 10_000;

/** Milliseconds to wait before try number `attempt` (from 0); `random` is 0 to 1. */
export function delayBefore(attempt: number, random: number): number {
  const step = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 16));
  return Math.round(step * (0.5 + random / 2));
}

/** What a close code asks of the client (docs/protocol.md, "Heartbeat, pressure and closing"). */
export type AfterClose = "stop" | "at_once" | "back_off" | "sign_in";

const AFTER_CLOSE: Readonly<Record<number, AfterClose>> = {
  1000: "stop",
  1001: "at_once",
  4401: "sign_in",
  4403: "stop",
};

/** Every other code, known or not, is a lost connection. */
export const afterClose = (code: number): AfterClose => AFTER_CLOSE[code] ?? "back_off";
