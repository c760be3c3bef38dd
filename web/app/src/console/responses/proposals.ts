import { call } from "../../platform/http";

export interface Proposal {
  id: string;
  source: "imported" | "conversations" | "all";
  state: "working" | "ready" | "failed";
  /** 0 to 1. */
  done: number;
  conversations: number;
  messages: number;
  count: number;
  askedBy: string;
  askedAt: string;
  finishedAt: string | null;
}

export interface Proposed {
  number: number;
  text: string;
  /** Other ways in which agents say it. */
  wordings: string[];
  folder: string;
  /** In so many conversations it would have served. */
  conversations: number;
  /** The share of what agents say that it and those before it cover. */
  coverage: number;
}

export const PROPOSALS = ["proposals"] as const;

const BASE = "/console/v1/compose/proposals";
const PAGE = 500;

export const fetchProposals = async (signal: AbortSignal): Promise<Proposal[]> => (await call<{ proposals: Proposal[] }>(BASE, { signal })).proposals;

export const askForProposal = () => call<Proposal>(BASE, { method: "POST", body: {} });

/** A proposal with all that it proposes. */
export async function fetchProposal(id: string, signal: AbortSignal): Promise<{ proposal: Proposal; responses: Proposed[] }> {
  const responses: Proposed[] = [];
  let cursor: number | null = 0;
  for (;;) {
    const page: { proposal: Proposal; responses: Proposed[]; nextCursor: number | null } = await call(`${BASE}/${id}`, { query: { cursor, limit: PAGE }, signal });
    responses.push(...page.responses);
    cursor = page.nextCursor;
    if (cursor === null) return { proposal: page.proposal, responses };
  }
}

export const takeProposed = (id: string, revision: number, responses: number[]) =>
  call<{ revision: number; added: number; known: number }>(`${BASE}/${id}/draft`, { method: "POST", body: { revision, responses } });
