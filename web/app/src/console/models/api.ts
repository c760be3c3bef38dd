import { call } from "../../platform/http";

export interface Model {
  id: string;
  /** What it does: ranking, completion. */
  kind: string;
  version: number;
  state: "candidate" | "live" | "retired" | "rejected";
  trainedOn: Readonly<Record<string, unknown>>;
  /** Figures on conversations held back. */
  metrics: Readonly<Record<string, unknown>>;
  sizeBytes: number;
  createdAt: string;
  liveAt: string | null;
}

export interface Training {
  state: "waiting" | "running" | "done" | "failed" | "unknown";
  done: number;
  total: number;
}

const BASE = "/console/v1/compose/models";

export const MODELS = ["models"] as const;

export const fetchModels = async (signal: AbortSignal): Promise<Model[]> => (await call<{ items: Model[] }>(BASE, { signal })).items;

export const deployModel = (id: string) => call<Model>(`${BASE}/${id}/deploy`, { method: "POST", body: {} });

export const rollBack = (kind: string) => call<Model>(`${BASE}/roll-back`, { method: "POST", body: { kind } });

export const train = async (): Promise<string> => (await call<{ trainingId: string }>(`${BASE}/train`, { method: "POST", body: {} })).trainingId;

export const fetchTraining = (id: string, signal: AbortSignal) => call<Training>(`${BASE}/trainings/${id}`, { signal });
