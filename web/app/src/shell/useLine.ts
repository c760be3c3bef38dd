import type { ConnectionStatus } from "@rapport/kit/stream";
import { useQuery } from "@tanstack/react-query";
import { useConnectionState } from "../live/LiveProvider";
import { call } from "../platform/http";

/** As often as the socket's echo, with its patience and its grace (PLT-249). */
const BEAT_MS = 17_000;
const PATIENCE_MS = 6_000;
const GRACE_MS = 5_000;

/**
 * Whether both ways to the server are open: the socket, and requests.
 *
 * The heartbeat is answered 204; one that fails is repeated after the grace before it counts.
 */
export function useLine(): ConnectionStatus {
  const { status } = useConnectionState();
  const heartbeat = useQuery({
    queryKey: ["heartbeat"],
    queryFn: async ({ signal }) => {
      await call("/desk/v1/heartbeat", { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) });
      return null;
    },
    refetchInterval: ({ state }) => (state.status === "error" ? GRACE_MS : BEAT_MS),
    refetchIntervalInBackground: true,
    retry: 1,
    retryDelay: GRACE_MS,
  });
  return heartbeat.isError && status === "online" ? "offline" : status;
}
