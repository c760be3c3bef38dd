import type { Conversation } from "@rapport/kit/stream";
import { useEffect } from "react";

/** Tells that what is on screen was read, while somebody is really looking. */
export function useReading(conversation: Conversation, cursor: string | null): void {
  useEffect(() => {
    const read = () => {
      if (document.visibilityState === "visible" && document.hasFocus()) conversation.markRead();
    };
    read();
    addEventListener("focus", read);
    document.addEventListener("visibilitychange", read);
    return () => {
      removeEventListener("focus", read);
      document.removeEventListener("visibilitychange", read);
    };
  }, [conversation, cursor]);
}
