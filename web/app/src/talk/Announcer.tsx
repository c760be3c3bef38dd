import type { Entry } from "@rapport/kit/stream";
import { useEffect, useRef, useState } from "react";

/** Says the customer's new messages to readers of a screen, and nobody else's. */
export function Announcer({ entries, customer }: { entries: readonly Entry[]; customer: string }) {
  const [words, setWords] = useState("");
  const heard = useRef<number | null>(null);
  useEffect(() => {
    const last = entries.at(-1)?.seq ?? 0;
    const before = heard.current;
    heard.current = last;
    if (before === null || before === 0) return; // what was said before one came is there to read
    const fresh = entries.filter((entry) => entry.seq > before && entry.kind === "message" && entry.role === "customer");
    if (fresh.length > 0) setWords(`${customer}: ${fresh.map((entry) => entry.text).join(" ")}`);
  }, [entries, customer]);
  return (
    <div className="said" aria-live="polite">
      {words}
    </div>
  );
}
