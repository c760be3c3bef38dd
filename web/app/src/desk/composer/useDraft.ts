import { useCallback, useState } from "react";
import { recall, remember } from "../../platform/memory";
import { useSession } from "../../session/SessionContext";

/** What one was writing in a conversation: it survives going away and a reload. */
export function useDraft(conversation: string): [string, (text: string) => void] {
  const key = `draft.${useSession().person.id}.${conversation}`;
  const [text, setText] = useState(() => recall(key) ?? "");
  const change = useCallback(
    (next: string) => {
      setText(next);
      remember(key, next);
    },
    [key],
  );
  return [text, change];
}
