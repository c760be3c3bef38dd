import { call } from "../../platform/http";

export interface Line {
  id: string;
  seq: number;
  role: "customer" | "agent";
  text: string;
  at: string;
}

export interface Chat {
  id: string;
  customerName: string | null;
  agentName: string | null;
  metadata: Readonly<Record<string, string>>;
  openedAt: string;
  lines: Line[];
}

export interface NewChat {
  customerName: string;
  metadata: Record<string, string>;
}

export const PLAYING = ["sandbox"] as const;

const BASE = "/console/v1/compose/sandbox/conversations";

/** The chat at hand, and how many texts of one's own playing has made suggestions of. */
export interface Playing {
  chat: Chat | null;
  learnt: number;
}

export const fetchPlaying = (signal: AbortSignal) => call<Playing>(BASE, { signal });

export const beginChat = ({ customerName, metadata }: NewChat) =>
  call<Chat>(BASE, { method: "POST", body: { customerName: customerName || null, metadata } });

export const sayAsCustomer = (chat: string, text: string, key: string) =>
  call<Line>(`${BASE}/${chat}/messages`, { method: "POST", body: { role: "customer", text, key } });
