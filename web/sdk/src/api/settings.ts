/** What `load` accepts, under the names the documentation gives. Empty strings count as unset. */
export interface LoadSettings {
  AppId?: string;
  APIHostname?: string;
  APIHostName?: string;
  /** `production` (default) or `sandbox`. */
  Environment?: string;
  Language?: string;
  RegionCode?: string;
  Region?: string;
  CustomerId?: string;
  CustomerName?: string;
  /** Who the customer is: a token signed by the company, or a set of bearer tokens of its sign-in. */
  IdentityToken?: string | BearerSet;
  ContextProvider?: ContextProvider;
  UserLoginHandler?: (data: object) => void;
  onLoadComplete?: (isDisplayingChat: boolean) => void;
  Display?: {
    Align?: string;
    Theme?: string;
    BadgeColor?: string;
    PrimaryColor?: string;
    BadgeType?: string;
    HideBadgeOnLoad?: boolean | string;
    FrameTitle?: string | null;
  };
}

/** An access token with what renews it. */
export interface BearerSet {
  token_type: string;
  access_token: string;
  expires_in?: number | null;
  expires_on?: number | null;
  refresh_token?: string | null;
}

export interface Context {
  Auth?: { Token?: string | BearerSet };
  CustomerInfo?: Record<string, unknown>;
}

export type ContextProvider = (callback: (context: Context) => void, needsRefresh: boolean) => void;

export interface Display {
  readonly align: "left" | "right";
  readonly theme: "auto" | "light" | "dark";
  readonly color: string | null;
  readonly badgeColor: string | null;
  readonly hasBadge: boolean;
  /** Without a badge until the chat was opened once. */
  readonly hidesBadgeOnLoad: boolean;
  readonly title: string | null;
}

export interface Settings {
  readonly app: string;
  /** Scheme, host and port of the server. */
  readonly origin: string;
  readonly environment: string | null;
  readonly language: string | null;
  readonly region: string | null;
  readonly display: Display;
  readonly onLoadComplete: ((isDisplayingChat: boolean) => void) | null;
}

/** Throws with a sentence for the page's author when a required key is missing. */
export function readSettings(given: LoadSettings, pageOrigin: string): Settings {
  const app = text(given.AppId);
  const host = text(given.APIHostname) ?? text(given.APIHostName);
  if (!app || !host) throw new TypeError("load needs AppId and APIHostname");
  return {
    app,
    origin: originOf(host, pageOrigin),
    environment: text(given.Environment),
    language: text(given.Language),
    region: text(given.RegionCode) ?? text(given.Region),
    display: readDisplay(given.Display ?? {}),
    onLoadComplete: given.onLoadComplete ?? null,
  };
}

/** A non-empty string, or null. */
export const text = (value: unknown): string | null =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : null;

function readDisplay(given: NonNullable<LoadSettings["Display"]>): Display {
  const theme = text(given.Theme)?.toLowerCase();
  const primary = text(given.PrimaryColor);
  const badge = text(given.BadgeColor);
  return {
    align: text(given.Align)?.toLowerCase() === "left" ? "left" : "right",
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    color: primary ?? badge,
    badgeColor: badge ?? primary,
    hasBadge: text(given.BadgeType)?.toLowerCase() !== "none",
    hidesBadgeOnLoad: String(given.HideBadgeOnLoad) === "true",
    title: text(given.FrameTitle),
  };
}

const LOCAL = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

/**
 * A host may come with its scheme. Without one it is HTTPS, but for this very page's host and
 * for the machine the page is developed on.
 */
function originOf(host: string, pageOrigin: string): string {
  if (/^https?:\/\//.test(host)) return new URL(host).origin;
  const page = new URL(pageOrigin);
  if (host === page.host) return page.origin;
  return new URL(`${LOCAL.test(host) ? "http" : "https"}://${host}`).origin;
}
