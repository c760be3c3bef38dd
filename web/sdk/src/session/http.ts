import type { BearerSet } from "../api/settings";
import type { Proof } from "./identity";

/** The two calls beside the live protocol. */
export interface Session {
  token: string;
  expires_at: string;
  customer: { id: string; name: string | null; anonymous: boolean };
  conversation: { id: string; opened_at: string } | null;
  company: { name: string; greeting: string | null };
  /** The set of tokens in the place of one that was over. */
  identity?: BearerSet | null;
}

export interface SessionRequest {
  app: string;
  environment?: string;
  token?: string;
  identity?: Proof;
  name?: string;
  /** What the page says of the customer: the token may have to say the same. */
  customer_id?: string;
  customer_info?: Record<string, string | number | boolean>;
}

export interface EarlierConversation {
  id: string;
  opened_at: string;
  ended_at: string | null;
  last_text: string | null;
}

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** The server answered, but not with success. */
export class HttpRefused extends Error {
  override readonly name = "HttpRefused";

  constructor(readonly status: number) {
    super(`the server answered ${status}`);
  }

  /** True when asking again may help. */
  get isPassing(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

export class Http {
  constructor(
    private readonly origin: string,
    private readonly fetch: Fetch,
  ) {}

  createSession(request: SessionRequest): Promise<Session> {
    return this.#ask<Session>("/chat/v1/sessions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
  }

  async conversations(token: string): Promise<EarlierConversation[]> {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await this.#ask<{ items: EarlierConversation[] }>("/chat/v1/conversations", { headers });
    return answer.items;
  }

  async #ask<T>(path: string, init: RequestInit): Promise<T> {
    // The customer's token travels in a header or body; the page's cookies are none of ours.
    const response = await this.fetch(this.origin + path, { ...init, credentials: "omit" });
    if (!response.ok) throw new HttpRefused(response.status);
    return (await response.json()) as T;
  }
}
