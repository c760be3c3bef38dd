import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { world, type World } from "../../kit/tests/world";
import { createApi } from "../src/api/widget";
import { takeOver, type Run } from "../src/api/queue";
import { breathe, web, type Web } from "./chats";

interface Page extends World {
  web: Web;
  run: Run;
  heard: string[];
}

const EVENTS = ["booted", "ready", "opened", "closed", "message", "destroyed", "chat:show", "chat:hide"];
const SETTINGS = { AppId: "acme", APIHostname: "chat.test" };

let page: Page;

function visit(net: Web = web(), server?: World["server"]): Page {
  const around = world();
  const behind = server ?? around.server;
  const platform = {
    ...around.platform,
    openSocket: (_url: string, handlers: Parameters<typeof behind.connect>[0]) =>
      behind.connect(handlers, around.clock),
  };
  const heard: string[] = [];
  const run = takeOver([], createApi({ platform, fetch: net.fetch }));
  for (const name of EVENTS) run("on", name, () => heard.push(name));
  return { ...around, server: behind, web: net, run, heard };
}

async function pass(ms = 50): Promise<void> {
  await breathe();
  await page.clock.pass(ms);
  await breathe();
}

const host = (): HTMLElement => document.querySelector("rapport-chat")!;
const find = <T extends HTMLElement>(selector: string): T | null =>
  host().shadowRoot!.querySelector<T>(selector);
const get = <T extends HTMLElement>(selector: string): T => {
  const found = find<T>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
};
const press = (target: HTMLElement, key: string, more: object = {}) =>
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...more }));

async function write(text: string): Promise<HTMLTextAreaElement> {
  const field = get<HTMLTextAreaElement>("textarea");
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await breathe();
  return field;
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  page = visit();
});

afterEach(() => page.run("destroy"));

async function opened(settings: object = {}): Promise<void> {
  page.run("load", { ...SETTINGS, ...settings });
  page.run("open");
  await pass();
}

describe("the life of a widget", () => {
  it("boots a launcher without asking the network, and opens on demand", async () => {
    const onLoadComplete = vi.fn();
    page.run("load", { ...SETTINGS, onLoadComplete });
    await pass();
    expect(find(".launcher")).not.toBeNull();
    expect(page.web.calls).toEqual([]);
    expect(onLoadComplete).toHaveBeenCalledWith(true);

    get(".launcher").click();
    await pass();
    expect(get(".title").textContent).toBe("Juniper Home");
    expect(get(".greeting").textContent).toContain("Hello there");
    page.run("hide");
    await pass();

    expect(find(".panel")).toBeNull();
    expect(page.heard).toEqual(["booted", "chat:show", "opened", "ready", "chat:hide", "closed"]);
  });

  it("renders nothing and says why when a required setting is missing", async () => {
    const told = vi.spyOn(console, "error").mockReturnValue();
    page.run("load", { AppId: "acme" });
    await pass();

    expect(host()).toBeNull();
    expect(told).toHaveBeenCalledOnce();
    told.mockRestore();
  });

  it("lets the page prevent an opening", async () => {
    page.run("load", SETTINGS);
    page.run("on", "chat:show", (event: Event) => event.preventDefault());
    page.run("open");
    await pass();

    expect(find(".panel")).toBeNull();
    expect(page.heard).not.toContain("opened");
  });

  it("leaves no node, timer or listener when destroyed", async () => {
    const count = countListeners();
    const timers = { began: 0, ended: 0 };
    vi.spyOn(globalThis, "setInterval").mockImplementation(() => {
      timers.began += 1;
      return 0 as never;
    });
    await opened();
    await write("Hello");
    press(get("textarea"), "Enter");
    await pass();
    page.server.say("Hi");
    await pass();
    expect(count()).toBeGreaterThan(0);
    page.run("destroy");
    await pass(1);

    expect(host()).toBeNull();
    expect(document.body.children).toHaveLength(0);
    expect(count()).toBe(0);
    expect(page.clock.pending).toBe(0);
    expect(page.listeners()).toBe(0);
    expect(page.server.open).toHaveLength(0);
    expect(timers.began).toBe(0);
    expect(page.heard.at(-1)).toBe("destroyed");
    vi.restoreAllMocks();
  });

  it("can be loaded again after it was destroyed", async () => {
    await opened();
    page.run("destroy");
    page.run("load", SETTINGS);
    await pass();

    expect(document.querySelectorAll("rapport-chat")).toHaveLength(1);
  });

  it("leaves an open chat alone on unload, and forgets everything on unloadAndClearSession", async () => {
    await opened();
    page.run("unload");
    expect(host()).not.toBeNull();

    page.run("unloadAndClearSession");
    expect(host()).toBeNull();
    expect(localStorage.length + sessionStorage.length).toBe(0);
  });

  it("is open again on the next page, without taking the focus", async () => {
    await opened();
    page.server.say("Hi");
    page.run("destroy");
    page = visit(page.web, page.server);
    page.run("load", SETTINGS);
    await pass();

    expect(find(".panel")).not.toBeNull();
    expect(host().shadowRoot!.activeElement).toBeNull();
  });

  it("tells its state", async () => {
    await opened({ CustomerId: "cu-1" });
    const callback = vi.fn();
    page.run("getState", callback);

    expect(callback).toHaveBeenCalledWith(
      expect.objectContaining({ isOpen: true, hasCustomerId: true, isLiveChat: false, unreadMessages: 0 }),
    );
  });
});

describe("writing", () => {
  it("sends with Enter, breaks the line with Shift+Enter, and leaves a word being composed alone", async () => {
    await opened();
    const field = await write("Hello");
    press(field, "Enter", { shiftKey: true });
    press(field, "Enter", { isComposing: true });
    await pass();
    expect(page.server.current.of("open")).toHaveLength(0);

    press(field, "Enter");
    await pass();
    expect(page.server.current.of("open")).toMatchObject([{ text: "Hello" }]);
    expect(get(".bubble").textContent).toBe("Hello");
    expect(get<HTMLTextAreaElement>("textarea").value).toBe("");
  });

  it("keeps the draft over a reload", async () => {
    await opened();
    await write("I was about to");
    page.run("destroy");
    page = visit(page.web);
    await opened();

    expect(get<HTMLTextAreaElement>("textarea").value).toBe("I was about to");
  });

  it("counts the last characters and sends no more than 4,000", async () => {
    await opened();
    await write("x".repeat(3_600));
    expect(get(".counter").textContent).toBe("400 characters left");
    expect(get<HTMLTextAreaElement>("textarea").maxLength).toBe(4_000);
    await write("x".repeat(4_001));

    expect(get<HTMLButtonElement>(".send").disabled).toBe(true);
  });

  it("offers to retry or delete what was refused", async () => {
    await opened();
    page.server.refuses.open = { code: "400-01", name: "refused", message: "No." };
    press(await write("Hello"), "Enter");
    await pass();
    expect(get(".foot").textContent).toContain("Not sent.");

    page.server.refuses = {};
    get(".foot .text-button").click();
    await pass();
    expect(get(".state").textContent).toBe("Sent");
  });

  it("tells how far the last message got", async () => {
    await opened();
    press(await write("Hello"), "Enter");
    await pass();
    page.server.record({ type: "message.delivered", data: { role: "agent", up_to: 2 } });
    await pass();
    expect(get(".state").textContent).toBe("Delivered");
    page.server.record({ type: "message.read", data: { role: "agent", up_to: 2 } });
    await pass();
    expect(get(".state").textContent).toBe("Read");
  });

  it("tells the other side that somebody types", async () => {
    await opened();
    press(await write("Hello"), "Enter");
    await pass();
    await write("A");

    expect(page.server.current.of("signal")).toMatchObject([{ kind: "typing", data: { typing: true } }]);
  });
});

describe("reading", () => {
  async function talking(): Promise<void> {
    await opened();
    press(await write("Hello"), "Enter");
    await pass();
  }

  it("shows words as words, never as markup, and links that are safe", async () => {
    await talking();
    page.server.say('<img src=x onerror=alert(1)> see https://example.org/a?b=1. javascript:alert(1)');
    await pass();
    const bubble = get(".theirs .bubble");

    expect(bubble.querySelector("img")).toBeNull();
    expect(bubble.textContent).toContain("<img src=x onerror=alert(1)>");
    const links = [...bubble.querySelectorAll("a")];
    expect(links.map((link) => link.getAttribute("href"))).toEqual(["https://example.org/a?b=1"]);
    expect(links[0]!.rel).toContain("noopener");
    expect(links[0]!.target).toBe("_blank");
  });

  it("keeps a link within the page's origin in its window", async () => {
    await talking();
    page.server.say(`see ${location.origin}/orders`);
    await pass();

    expect(get<HTMLAnchorElement>(".theirs a").target).toBe("");
  });

  it("announces the other side's messages only, and not that they type", async () => {
    await talking();
    const live = get('[aria-live="polite"]');
    expect(live.textContent).toBe("");
    page.server.current.say({
      type: "signal", topic: "conversation/conv1", kind: "typing",
      from: { role: "agent", id: "a", name: "Iris" }, data: { typing: true },
    });
    await pass(10);
    expect(get(".typing").getAttribute("aria-hidden")).toBe("true");
    page.server.say("Hi");
    await pass();

    expect(live.textContent).toBe("agent: Hi");
    expect(get('[role="log"]').getAttribute("aria-live")).toBe("off");
  });

  it("counts what came while closed on the launcher", async () => {
    await talking();
    page.run("close");
    page.server.say("Hi");
    page.server.say("Still there?");
    await pass();
    expect(get(".badge").textContent).toBe("2");
    expect(get(".launcher").getAttribute("aria-label")).toBe("Open chat, 2 unread");

    page.run("open");
    // The mark follows the paint, whose turn comes in real time.
    await vi.waitFor(async () => {
      await pass(300);
      expect(page.server.current.of("mark").at(-1)).toMatchObject({ read: page.server.events.length });
    });
  });

  it("says when a conversation ended, and that writing begins a new one", async () => {
    await talking();
    page.server.record({ type: "conversation.ended", data: { reason: "agent" } });
    await pass();

    expect(get(".mark.ended").textContent).toBe("Conversation ended Write to start a new conversation.");
  });

  it("says that it is offline once a loss lasts, and that it is back by silence", async () => {
    await talking();
    page.server.isReachable = false;
    page.server.cut();
    await pass(4_000);
    expect(get(".banner").textContent).toBe("");
    await pass(2_000);
    expect(get(".banner").textContent).toBe("Attempting to reconnect…");

    page.server.isReachable = true;
    await pass(12_000);
    expect(get(".banner").textContent).toBe("");
  });

  it("says so when the server refuses, and tries again on a wish", async () => {
    page.web.failures = [404];
    await opened();
    expect(get('[role="alert"]').textContent).toContain("could not be opened");

    get('[role="alert"] button').click();
    await pass();
    expect(get(".greeting")).not.toBeNull();
  });
});

describe("keys, focus and looks", () => {
  it("moves the focus in on opening and back on Escape", async () => {
    page.run("load", SETTINGS);
    await pass();
    get(".launcher").focus();
    get(".launcher").click();
    await pass();
    expect(host().shadowRoot!.activeElement).toBe(get("textarea"));

    press(get("textarea"), "Escape");
    await pass();
    expect(find(".panel")).toBeNull();
    expect(host().shadowRoot!.activeElement).toBe(get(".launcher"));
  });

  it("gives the focus back to the page's own button", async () => {
    const button = document.body.appendChild(document.createElement("button"));
    button.focus();
    await opened();
    get("textarea").focus();
    press(get("textarea"), "Escape");
    await pass();

    expect(document.activeElement).toBe(button);
    button.remove();
  });

  it("speaks the language it was loaded with", async () => {
    await opened({ Language: "es" });

    expect(get("textarea").getAttribute("placeholder")).toBe("Escribe un mensaje…");
    expect(host().lang).toBe("es");
  });

  it("takes side, theme and colour from the page", async () => {
    await opened({ Display: { Align: "left", Theme: "dark", PrimaryColor: "#ffee00", BadgeType: "none" } });

    expect(host().dataset).toMatchObject({ align: "left", theme: "dark" });
    expect(host().style.getPropertyValue("--accent")).toBe("#ffee00");
    expect(find(".launcher")).toBeNull();
  });

  it("puts no style or script element into the page", async () => {
    await opened();

    expect(document.querySelectorAll("style, link, script")).toHaveLength(0);
    expect(host().shadowRoot!.querySelectorAll("style, link, script")).toHaveLength(0);
  });
});

/** Counts listeners on what outlives the widget: the window, the document, media queries. */
function countListeners(): () => number {
  let count = 0;
  const page: readonly unknown[] = [document, document.documentElement, document.body];
  const outlives = (target: object) => page.includes(target) || !(target instanceof Node);
  const owners = new Set([document, window, matchMedia("(width)")].map(ownerOfListening));
  for (const owner of owners) {
    const { addEventListener: add, removeEventListener: remove } = owner;
    vi.spyOn(owner, "addEventListener").mockImplementation(function (this: EventTarget, ...args) {
      if (outlives(this)) count += 1;
      return add.apply(this, args);
    });
    vi.spyOn(owner, "removeEventListener").mockImplementation(function (this: EventTarget, ...args) {
      if (outlives(this)) count -= 1;
      return remove.apply(this, args);
    });
  }
  return () => count;
}

function ownerOfListening(target: EventTarget): EventTarget {
  let owner: EventTarget = target;
  while (!Object.hasOwn(owner, "addEventListener")) owner = Object.getPrototypeOf(owner) as EventTarget;
  return owner;
}
