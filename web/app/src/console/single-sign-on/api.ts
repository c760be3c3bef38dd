import { call } from "../../platform/http";
import type { PersonRole } from "../../platform/types";

export type Protocol = "oidc" | "saml";

export interface Oidc {
  issuer: string;
  client_id: string;
  /** Never shown; null keeps the one there is. */
  client_secret?: string | null;
  user_id_claim: string;
  scopes: string[];
}

export interface Described {
  entity_id: string;
  sso_url: string;
  certificates: string[];
}

export interface Saml extends Described {
  user_id_attribute: string;
}

export interface Rules {
  enabled: boolean;
  creates_people: boolean;
  links_by_email: boolean;
  default_role: PersonRole;
}

export interface Connection extends Rules {
  protocol: Protocol;
  oidc: Oidc | null;
  saml: Saml | null;
  updated_at: string;
}

/** What the identity provider is told of us. */
export interface Addresses {
  sign_in: string;
  oidc_callback: string;
  saml_acs: string;
  saml_metadata: string;
}

export interface SignOn {
  connection: Connection | null;
  addresses: Addresses;
}

export type Wanted = Rules & ({ oidc: Oidc } | { saml: Saml });

export const SIGN_ON = ["single-sign-on"] as const;
/** Administrators are made by administrators. */
export const CREATED_ROLES: readonly PersonRole[] = ["agent", "supervisor", "developer"];

const BASE = "/console/v1/single-sign-on";

export const fetchSignOn = (signal: AbortSignal) => call<SignOn>(BASE, { signal });

export const saveSignOn = (wanted: Wanted) => call<SignOn>(BASE, { method: "PUT", body: wanted });

export const removeSignOn = () => call<void>(BASE, { method: "DELETE" });

export const readMetadata = (metadata: string) => call<Described>(`${BASE}/metadata`, { method: "POST", body: { metadata } });
