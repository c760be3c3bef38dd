import type { ConnectionStatus } from "@rapport/kit/stream";
import { useEffect, useRef, useState } from "react";

export type Health = "fine" | "lost" | "reconnecting" | "recovered";

/** How long red and green stay; yellow stays until the line is back. */
export const FLASH_MS = 2_000;

/** What the banner says of a connection: the grace of five seconds is the connection's own. */
export function useHealth(status: ConnectionStatus): Health {
  const [health, setHealth] = useState<Health>("fine");
  const wasLost = useRef(false);
  useEffect(() => {
    if (status === "offline" || status === "closed") {
      wasLost.current = true;
      setHealth("lost");
      // Nothing tries again after a final close: red is then the truth.
      return status === "closed" ? undefined : later(() => setHealth("reconnecting"));
    }
    if (status === "online" && wasLost.current) {
      wasLost.current = false;
      setHealth("recovered");
      return later(() => setHealth("fine"));
    }
    return undefined;
  }, [status]);
  return health;
}

function later(run: () => void): () => void {
  const timer = setTimeout(run, FLASH_MS);
  return () => clearTimeout(timer);
}
