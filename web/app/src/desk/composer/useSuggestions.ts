import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { call } from "../../platform/http";
import type { Suggestion } from "../../platform/types";

/** Long enough that a fast typist asks once a word, short enough to feel at once. */
const PAUSE_MS = 120;

interface Answer {
  id: string;
  suggestions: Suggestion[];
}

const NONE: readonly Suggestion[] = [];

/**
 * Suggestions for what is typed, best first.
 *
 * An answer belongs to its question (conversation, last message, text): a late one is never
 * shown, and until the next one is here the last one of this conversation stays.
 */
export function useSuggestions(conversation: string, lastSeq: number, typed: string, said: ReadonlySet<string>): readonly Suggestion[] {
  const [query] = useDebouncedValue(typed, PAUSE_MS);
  const { data } = useQuery({
    queryKey: ["suggestions", conversation, lastSeq, query],
    queryFn: ({ signal }) =>
      call<Answer>(`/desk/v1/conversations/${conversation}/suggestions`, { method: "POST", body: { query }, signal }),
    enabled: lastSeq > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    retry: false,
    placeholderData: (previous, earlier) => (earlier?.queryKey[1] === conversation ? previous : undefined),
  });
  return useMemo(
    // Nobody says the same thing twice in one conversation.
    () => data?.suggestions.filter(({ text }) => !said.has(text)).slice(0, 3) ?? NONE,
    [data, said],
  );
}
