import { call } from "../platform/http";

export type Environment = "sandbox" | "production";
export type TeamRole = "owner" | "app_admin" | "viewer";

export interface Team {
  id: string;
  name: string;
  environment: Environment;
  /** What the reader is in it. */
  role: TeamRole;
}

export interface Member {
  person_id: string;
  name: string;
  email: string;
  role: TeamRole;
}

export interface App {
  id: string;
  team_id: string;
  name: string;
}

export interface ApiKey {
  id: string;
  app_id: string;
  name: string;
  environment: Environment;
  products: string[] | null;
  rate_per_second: number;
  burst: number;
  /** 0: none. */
  daily_quota: number;
  created_at: string;
  rotated_at: string | null;
  previous_until: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

export interface KeyWithSecret {
  key: ApiKey;
  secret: string;
}

export interface Promotion {
  id: string;
  sandbox_team_id: string;
  admin_email: string;
  admin_name: string;
  state: "requested" | "approved" | "declined";
  requested_by: string;
  decided_by: string | null;
  created_at: string;
}

export interface Approved {
  promotion: Promotion;
  key: KeyWithSecret;
  password: string | null;
}

export interface Quickstart {
  base_urls: Record<Environment, string>;
  id_header: string;
  secret_header: string;
  first_call: { method: string; path: string; body: unknown };
  schema_path: string;
}

interface Items<T> {
  items: T[];
}

const get = <T>(path: string, signal: AbortSignal) => call<T>(`/portal/v1${path}`, { signal });
const post = <T>(path: string, body: unknown = {}) => call<T>(`/portal/v1${path}`, { method: "POST", body });

/** Every question about the portal begins with this key. */
export const PORTAL = ["portal"] as const;

export const teams = {
  queryKey: [...PORTAL, "teams"],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<Items<Team>>("/teams", signal),
};
export const appsOf = (team: string) => ({
  queryKey: [...PORTAL, "apps", team],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<Items<App>>(`/teams/${team}/apps`, signal),
});
export const keysOf = (app: string) => ({
  queryKey: [...PORTAL, "keys", app],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<Items<ApiKey>>(`/apps/${app}/keys`, signal),
});
export const membersOf = (team: string) => ({
  queryKey: [...PORTAL, "members", team],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<Items<Member>>(`/teams/${team}/members`, signal),
});
export const promotions = {
  queryKey: [...PORTAL, "promotions"],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<Items<Promotion>>("/promotions", signal),
};
export const quickstart = {
  queryKey: [...PORTAL, "quickstart"],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<Quickstart>("/quickstart", signal),
  staleTime: Number.POSITIVE_INFINITY,
};

export const createApp = (team: string, name: string) => post<App>(`/teams/${team}/apps`, { name });
export const createKey = (app: string, name: string) => post<KeyWithSecret>(`/apps/${app}/keys`, { name });
export const rotateKey = (key: string, graceSeconds: number) =>
  post<KeyWithSecret>(`/keys/${key}/rotate`, { grace_seconds: graceSeconds });
export const revokeKey = (key: string) => post<ApiKey>(`/keys/${key}/revoke`);

export const addMember = (team: string, member: { email: string; name: string; role: TeamRole }) =>
  post<{ member: Member; password: string | null }>(`/teams/${team}/members`, member);
export const changeMember = (team: string, person: string, role: TeamRole) =>
  call<Member>(`/portal/v1/teams/${team}/members/${person}`, { method: "PATCH", body: { role } });
export const removeMember = (team: string, person: string) =>
  call<void>(`/portal/v1/teams/${team}/members/${person}`, { method: "DELETE" });

export const requestPromotion = (team: string, body: { admin_email: string; admin_name: string }) =>
  post<Promotion>(`/teams/${team}/promotion`, body);
export const approvePromotion = (id: string) => post<Approved>(`/promotions/${id}/approve`);
export const declinePromotion = (id: string) => post<Promotion>(`/promotions/${id}/decline`);

export const mayManageApps = (team: Team): boolean => team.role !== "viewer";
export const mayManageMembers = (team: Team): boolean => team.role === "owner";
