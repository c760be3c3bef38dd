import { isKey, t, type Key } from "../i18n";
import { call } from "../platform/http";

interface SignInOptions {
  single_sign_on: boolean;
}

/** Pages that one may come back to; without one, the role decides. The server leads to no others. */
const OURS = /^\/(?:desk|console|portal)(?:\/[\w~-][\w.~-]*)+\/?$/;

/** How people of an organization may sign in beside a password. */
export const fetchSignInOptions = (organization: string, signal: AbortSignal) =>
  call<SignInOptions>("/accounts/v1/sign-in-options", { query: { organization }, signal, isAside: true });

/** Leaves for the organization's identity provider; it leads back to this page. */
export function leaveForProvider(organization: string): void {
  const { pathname } = location;
  const query = OURS.test(pathname) ? `?${new URLSearchParams({ return_to: pathname }).toString()}` : "";
  location.assign(`/auth/v1/sign-in/${encodeURIComponent(organization.trim())}${query}`);
}

export interface Refused {
  text: string;
  /** Under which the server's log says more. */
  requestId: string;
}

/** Why single sign-on has led back here, if it has. */
export function refusedSignOn(): Refused | null {
  const query = new URLSearchParams(location.search);
  const problem = query.get("problem");
  if (location.pathname !== "/sign-in" || problem === null) return null;
  const key: Key = isKey(`signIn.sso.${problem}`) ? (`signIn.sso.${problem}` as Key) : "signIn.sso.failed";
  return { text: t(key), requestId: /^[\w-]{1,64}$/.exec(query.get("request") ?? "")?.[0] ?? "" };
}
