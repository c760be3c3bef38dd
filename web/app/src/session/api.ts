import { call, keepCsrf } from "../platform/http";
import { queries } from "../platform/query";
import type { Session } from "../platform/types";

export const SESSION_KEY = ["session"] as const;

export interface Credentials {
  organization: string;
  email: string;
  password: string;
}

/** Who is signed in; null when nobody is. */
export async function fetchSession(): Promise<Session | null> {
  const answer = await fetch("/accounts/v1/me", { headers: { accept: "application/json" } });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(answer.statusText);
  return keep((await answer.json()) as Session);
}

export const signIn = async (credentials: Credentials): Promise<Session> =>
  keep(await call<Session>("/accounts/v1/sign-in", { method: "POST", body: credentials }));

/** Forgets everything this person saw, here even when the server cannot be told. */
export async function signOut(): Promise<void> {
  await call("/accounts/v1/sign-out", { method: "POST", body: {} }).catch(() => undefined);
  forget();
}

export const changePassword = (current: string, chosen: string): Promise<void> =>
  call("/accounts/v1/password", { method: "POST", body: { current, new: chosen } });

export function forget(): void {
  keepCsrf("");
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
  queries.setQueryData(SESSION_KEY, null);
}

function keep(session: Session): Session {
  keepCsrf(session.csrf);
  return session;
}
