import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { call } from "../../platform/http";
import type { Suggestion } from "../../platform/types";

/** Long enough that a fast typist asks once a word, short enough to feel at once. */
const PAUSE_MS = 120;

interface Answer {
  suggestions: Suggestion[];
  /** The newest message when it was asked for. */
  seq: number;
}

const NONE: readonly Suggestion[] = [];

/**
 * Suggestions for what is typed, best first.
 *
 * An answer belongs to its question (conversation, last message, text): a late one is never
 * shown, and until the next one is here the last one of this conversation stays, unless the agent
 * has spoken since, whose last message is `ownSeq`.
 */
export function useSuggestions(conversation: string, lastSeq: number, ownSeq: number, typed: string): readonly Suggestion[] {
  const [query] = useDebouncedValue(typed, PAUSE_MS);
  const { data } = useQuery({
    queryKey: ["suggestions", conversation, lastSeq, query],
    queryFn: async ({ signal }): Promise<Answer> => {
      const path = `/autocompose/v1/conversations/${conversation}/suggestions`;
      const { suggestions } = await call<Omit<Answer, "seq">>(path, { method: "POST", body: { query }, signal });
      return { suggestions, seq: lastSeq };
    },
    enabled: lastSeq > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    retry: false,
    placeholderData: (previous, earlier) => (earlier?.queryKey[1] === conversation ? previous : undefined),
  });
  return data && data.seq >= ownSeq ? data.suggestions : NONE;
}
