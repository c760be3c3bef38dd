import { useEffect, useState } from "react";
import { BoardStore } from "../live/boardStore";
import { useConnection } from "../live/LiveProvider";

/** The live board while a screen shows it; null for the moment before it is opened. */
export function useBoard(): BoardStore | null {
  const connection = useConnection();
  const [store, setStore] = useState<BoardStore | null>(null);
  useEffect(() => {
    const opened = new BoardStore(connection);
    setStore(opened);
    return () => opened.close();
  }, [connection]);
  return store;
}
