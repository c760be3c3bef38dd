import { useEffect, useState } from "react";
import { explain } from "../components/Failure";
import { t } from "../i18n";
import { ticking } from "../i18n/format";
import { ApiError } from "../platform/http";
import { useNow } from "../platform/useNow";

interface Refusal {
  text: string;
  /** Until the lock is over nothing can be tried. */
  isLocked: boolean;
}

/** Why signing in was refused; a lock counts down and then goes away. */
export function useRefusal(error: Error | null): Refusal | null {
  const now = useNow();
  const [lockedUntil, setLockedUntil] = useState(0);
  useEffect(() => {
    const wait = error instanceof ApiError ? error.retryAfter : null;
    setLockedUntil(wait === null ? 0 : Date.now() + wait * 1000);
  }, [error]);

  if (!error) return null;
  if (!isLock(error)) return { text: wording(error), isLocked: false };
  if (lockedUntil === 0) return { text: t("signIn.lockedLong"), isLocked: false };
  if (now >= lockedUntil) return null;
  return { text: t("signIn.locked", { time: ticking(Math.ceil((lockedUntil - now) / 1000) * 1000) }), isLocked: true };
}

const isLock = (error: Error): boolean =>
  error instanceof ApiError && (error.status === 429 || error.status === 423);

function wording(error: Error): string {
  if (!(error instanceof ApiError)) return explain(error);
  if (error.status === 401 || error.status === 400) return t("signIn.wrong");
  return error.status === 403 ? t("signIn.disabled") : explain(error);
}
