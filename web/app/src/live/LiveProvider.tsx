import { Connection, type ConnectionState } from "@rapport/kit/stream";
import { useStore } from "@rapport/kit/react";
import { createContext, use, useEffect, useState, type ReactNode } from "react";

const LiveContext = createContext<Connection | null>(null);

const SIGNED_OUT = 4401;

/** One connection for everything below it, from sign-in to sign-out. */
export function LiveProvider({ onSignedOut, children }: { onSignedOut: () => void; children: ReactNode }) {
  const [connection] = useState(() => new Connection({ url: socketAddress() }));
  useEffect(() => {
    connection.start();
    const stopWatching = connection.state.subscribe(() => {
      if (connection.state.get().code === SIGNED_OUT) onSignedOut();
    });
    return () => {
      stopWatching();
      connection.stop();
    };
  }, [connection, onSignedOut]);
  return <LiveContext value={connection}>{children}</LiveContext>;
}

export function useConnection(): Connection {
  const connection = use(LiveContext);
  if (!connection) throw new Error("no live connection here");
  return connection;
}

export const useConnectionState = (): ConnectionState => useStore(useConnection().state);

function socketAddress(): string {
  const url = new URL("/live/v1/socket", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
