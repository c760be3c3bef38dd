import { call } from "../../platform/http";

export const POLICIES = ["customerImmediate", "customerDelayed", "agentImmediate", "autoTranscribe", "voice"] as const;
export type Policy = (typeof POLICIES)[number];

export interface Entity {
  id: string;
  name: string;
  description: string;
  policies: Record<Policy, boolean>;
  /** Payment card data cannot be switched off here (PLT-114). */
  locked: boolean;
}

export interface Rule {
  id: string;
  name: string;
  pattern: string;
  /** Whether the rule as it stands is in use there. */
  sandbox: boolean;
  production: boolean;
}

export type Environment = "sandbox" | "production";

export const ENTITIES = ["redaction", "entities"] as const;
export const RULES = ["redaction", "rules"] as const;

const BASE = "/console/v1/redaction";

export const fetchEntities = (signal: AbortSignal) => call<{ items: Entity[] }>(`${BASE}/entities`, { signal });

export const switchPolicy = (id: string, policies: Partial<Record<Policy, boolean>>) =>
  call<Entity>(`${BASE}/entities/${id}`, { method: "PATCH", body: { policies } });

export const fetchRules = (signal: AbortSignal) => call<{ items: Rule[] }>(`${BASE}/rules`, { signal });

export const addRule = (rule: { name: string; pattern: string }) => call<Rule>(`${BASE}/rules`, { method: "POST", body: rule });

export const changeRule = (id: string, rule: { name?: string; pattern?: string; position?: number }) =>
  call<Rule>(`${BASE}/rules/${id}`, { method: "PATCH", body: rule });

export const removeRule = (id: string) => call<void>(`${BASE}/rules/${id}`, { method: "DELETE" });

export const testRule = (pattern: string, text: string, signal: AbortSignal) =>
  call<{ matches: { start: number; end: number }[] }>(`${BASE}/rules/test`, { method: "POST", body: { pattern, text }, signal });

export const deployRules = (environment: Environment) =>
  call(`${BASE}/rules/deploy`, { method: "POST", body: { environment } });
