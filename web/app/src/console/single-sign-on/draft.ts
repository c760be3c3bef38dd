import type { Connection, Oidc, Protocol, Rules, Saml, Wanted } from "./api";

/** The form as it is typed; what stands in fields of the other protocol stays there, unsent. */
export interface Draft {
  protocol: Protocol;
  oidc: { issuer: string; client_id: string; client_secret: string; user_id_claim: string; scopes: string };
  saml: { entity_id: string; sso_url: string; certificates: string; user_id_attribute: string };
  rules: Rules;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

export const draftOf = (connection: Connection | null): Draft => ({
  protocol: connection?.protocol ?? "oidc",
  oidc: {
    issuer: connection?.oidc?.issuer ?? "",
    client_id: connection?.oidc?.client_id ?? "",
    client_secret: "",
    user_id_claim: connection?.oidc?.user_id_claim ?? "sub",
    scopes: (connection?.oidc?.scopes ?? ["openid", "email", "profile"]).join(" "),
  },
  saml: {
    entity_id: connection?.saml?.entity_id ?? "",
    sso_url: connection?.saml?.sso_url ?? "",
    certificates: (connection?.saml?.certificates ?? []).join("\n"),
    user_id_attribute: connection?.saml?.user_id_attribute ?? "externalUserId",
  },
  rules: {
    enabled: connection?.enabled ?? true,
    creates_people: connection?.creates_people ?? true,
    links_by_email: connection?.links_by_email ?? true,
    default_role: connection?.default_role ?? "agent",
  },
});

export function wantedBy({ protocol, oidc, saml, rules }: Draft): Wanted {
  if (protocol === "oidc") {
    const wanted: Oidc = {
      issuer: oidc.issuer.trim(),
      client_id: oidc.client_id.trim(),
      client_secret: oidc.client_secret.trim() || null,
      user_id_claim: oidc.user_id_claim.trim(),
      scopes: oidc.scopes.split(/\s+/).filter(Boolean),
    };
    return { ...rules, oidc: wanted };
  }
  const wanted: Saml = {
    entity_id: saml.entity_id.trim(),
    sso_url: saml.sso_url.trim(),
    // What is no certificate goes along whole, so that the server says so.
    certificates: saml.certificates.match(CERTIFICATE) ?? [saml.certificates],
    user_id_attribute: saml.user_id_attribute.trim(),
  };
  return { ...rules, saml: wanted };
}

/** Whether every field of the chosen protocol says something. */
export function isComplete({ protocol, oidc, saml }: Draft, hasSecret: boolean): boolean {
  const fields =
    protocol === "oidc"
      ? [oidc.issuer, oidc.client_id, oidc.user_id_claim, oidc.scopes, hasSecret ? "kept" : oidc.client_secret]
      : Object.values(saml);
  return fields.every((value) => value.trim() !== "");
}
