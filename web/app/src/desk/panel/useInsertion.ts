import { useCallback, useMemo } from "react";
import { useSession } from "../../session/SessionContext";
import { useAssist } from "../Assist";
import type { Response } from "./api";
import { fill, valuesIn } from "./inserts";

type From = "CUSTOM_INSERT" | "GLOBAL_INSERT";

interface Insertion {
  /** A response as it would be said in the open conversation. */
  textOf: (response: Response) => string;
  /** Null while no message is being written. */
  insert: ((from: From, response: Response) => void) | null;
}

const NOTHING_KNOWN = new Map<string, string>();

/** Brings responses of the panel into the message of the conversation that is open. */
export function useInsertion(conversation: string | null, onInserted: () => void): Insertion {
  const session = useSession();
  const { writers } = useAssist();
  const writer = conversation === null ? null : writers.find(conversation);
  const textOf = useCallback(
    (response: Response) => fill(response, writer ? valuesIn(writer.talk.get(), session) : NOTHING_KNOWN),
    [writer, session],
  );
  return useMemo(
    () => ({
      textOf,
      insert:
        writer &&
        ((from, response) => {
          const text = textOf(response);
          onInserted();
          if (from === "CUSTOM_INSERT") {
            writer.insert(from, text, "insert", { type: "custom-panel-inserted", details: { customPanelInserted: { text } } });
          } else {
            writer.insert(from, text, "insert", { type: "global-panel-inserted", details: { globalPanelInserted: { text } } });
          }
        }),
    }),
    [writer, textOf, onInserted],
  );
}
