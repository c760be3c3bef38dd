/** A customer's chat on a page, with the kit's server and clock behind it. */
import { world, type World } from "../../kit/tests/world";
import { Chat, type ChatOptions } from "../src/session/chat";
import { Identity } from "../src/session/identity";
import { memories } from "../src/session/memory";
import type { LoadSettings } from "../src/api/settings";

export interface Web {
  readonly calls: { path: string; body: Record<string, unknown> | null; headers: Record<string, string> }[];
  /** Conversations of the history, and the one that is open. */
  earlier: { id: string; opened_at: string; ended_at: string | null; last_text: string | null }[];
  open: string | null;
  customer: string;
  /** The set of tokens that the server gives in the place of the page's. */
  renewed: object | null;
  /** Status codes to answer with, one a call; success when none is left. */
  failures: (number | "unreachable")[];
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

export function web(): Web {
  let sessions = 0;
  const made: Web = {
    calls: [],
    earlier: [],
    open: null,
    customer: "c1",
    renewed: null,
    failures: [],
    async fetch(url, init) {
      const { pathname } = new URL(url);
      const body = init?.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : null;
      made.calls.push({ path: pathname, body, headers: (init?.headers ?? {}) as Record<string, string> });
      const failure = pathname === "/chat/v1/sessions" ? made.failures.shift() : undefined;
      if (failure === "unreachable") throw new TypeError("Failed to fetch");
      if (failure) return new Response("{}", { status: failure });
      if (pathname === "/chat/v1/conversations") return Response.json({ items: made.earlier });
      const token = body?.token ?? `token-${++sessions}`;
      return Response.json({
        token,
        expires_at: "2026-03-05T09:00:00Z",
        customer: { id: made.customer, name: null, anonymous: true },
        conversation: made.open ? { id: made.open, opened_at: "2026-03-04T09:00:00Z" } : null,
        company: { name: "Juniper Home", greeting: "Hello there" },
        identity: made.renewed,
      });
    },
  };
  return made;
}

export interface Scene extends World {
  options: ChatOptions;
  chat: Chat;
  web: Web;
  messages: string[];
}

export function scene(given: LoadSettings = {}, from: Partial<Pick<Scene, "web" | "server">> = {}): Scene {
  const around = world();
  const net = from.web ?? web();
  const server = from.server ?? around.server;
  const messages: string[] = [];
  const { shared, tab } = memories("acme");
  const options: ChatOptions = {
    origin: "https://chat.test",
    app: "acme",
    environment: null,
    identity: new Identity(given),
    shared,
    tab,
    platform: { ...around.platform, openSocket: (_url, handlers) => server.connect(handlers, around.clock) },
    fetch: net.fetch,
    onMessage: ({ data }) => void messages.push(data.text),
    onReady: () => undefined,
  };
  return { ...around, server, options, chat: new Chat(options), web: net, messages };
}

export async function started(given: LoadSettings = {}, from: Partial<Scene> = {}): Promise<Scene> {
  const made = scene(given, from);
  void made.chat.start();
  await breathe();
  await made.clock.pass(20);
  await breathe();
  return made;
}

/** Lets responses be read, which takes turns of the real event loop. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

export const saidIn = (chat: Chat): string[] =>
  chat.get().conversations.flatMap(({ timeline }) =>
    timeline.entries.flatMap((entry) => (entry.kind === "message" ? [entry.text] : [])),
  );
