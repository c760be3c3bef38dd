import { afterEach, describe, expect, it, vi } from "vitest";
import { Emitter } from "../src/api/emitter";
import { install, takeOver } from "../src/api/queue";
import { readSettings } from "../src/api/settings";
import { memories } from "../src/session/memory";
import { speech } from "../src/words";
import { en } from "../src/words/en";
import { es } from "../src/words/es";

afterEach(() => vi.restoreAllMocks());

type Stub = ((...args: unknown[]) => unknown) & { _?: unknown[][] };

function stub(): Stub {
  const made: Stub = (...args) => void (made._ ??= []).push(args);
  return made;
}

describe("the queue", () => {
  it("runs what was queued, in order, then what comes", () => {
    const ran: unknown[] = [];
    const api = { load: (value: unknown) => ran.push(value), open: () => ran.push("open") };
    const queued = [["load", 1], ["open"]];

    const run = takeOver(queued, api);
    run("load", 2);

    expect(ran).toEqual([1, "open", 2]);
    expect(queued).toEqual([]);
  });

  it("matches names whatever their case", () => {
    const setCustomer = vi.fn();
    takeOver([["SetCustomer", "x"]], { setCustomer });

    expect(setCustomer).toHaveBeenCalledWith("x");
  });

  it("never throws into the page", () => {
    const told = vi.spyOn(console, "error").mockReturnValue();
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    const run = takeOver([], { load: () => { throw new Error("ours"); } });

    expect(() => run("load")).not.toThrow();
    expect(() => run("fly")).not.toThrow();
    expect(told).toHaveBeenCalledOnce();
    expect(warned).toHaveBeenCalledWith('rapport: unknown command "fly"');
  });

  it("takes over the name the page used, and always its own", () => {
    const load = vi.fn();
    const page: Record<string, Stub> = { ASAPP: stub() };
    page.ASAPP!("load", 1);

    install(page, { load });
    page.ASAPP!("load", 2);
    page.Rapport!("load", 3);

    expect(load.mock.calls).toEqual([[1], [2], [3]]);
  });

  it("leaves the other name alone when the page does not use it", () => {
    const page: Record<string, Stub> = { Rapport: stub() };
    install(page, {});

    expect(Object.keys(page)).toEqual(["Rapport"]);
  });

  it("runs calls made by a queued command after the queue", () => {
    const ran: string[] = [];
    const page: Record<string, Stub> = { Rapport: stub() };
    page.Rapport!("load");
    page.Rapport!("open");

    install(page, {
      load: () => { ran.push("load"); page.Rapport!("on"); },
      open: () => ran.push("open"),
      on: () => ran.push("on"),
    });

    expect(ran).toEqual(["load", "open", "on"]);
  });
});

describe("load settings", () => {
  const page = "https://shop.example";

  it("needs the app and the host", () => {
    expect(() => readSettings({ AppId: "acme" }, page)).toThrow("load needs AppId and APIHostname");
    expect(() => readSettings({ APIHostname: "chat.example" }, page)).toThrow();
  });

  it.each([
    ["chat.example", "https://chat.example"],
    ["localhost:8000", "http://localhost:8000"],
    ["127.0.0.1:8000", "http://127.0.0.1:8000"],
    ["http://chat.internal:81", "http://chat.internal:81"],
    ["shop.example", "https://shop.example"],
  ])("finds the origin of %s", (APIHostname, origin) => {
    expect(readSettings({ AppId: "acme", APIHostname }, page).origin).toBe(origin);
  });

  it("talks plain HTTP to the host of a plain HTTP page", () => {
    const given = { AppId: "acme", APIHostname: "intranet:8080" };
    expect(readSettings(given, "http://intranet:8080").origin).toBe("http://intranet:8080");
  });

  it("accepts both spellings of the host, and takes empty strings as unset", () => {
    const settings = readSettings(
      { AppId: "acme", APIHostName: "chat.example", Language: "", RegionCode: "", Display: { Align: "" } },
      page,
    );
    expect(settings).toMatchObject({ origin: "https://chat.example", language: null, region: null });
    expect(settings.display).toMatchObject({ align: "right", theme: "auto", hasBadge: true });
  });

  it("fills the badge's and the primary colour in for each other", () => {
    const display = (Display: object) =>
      readSettings({ AppId: "a", APIHostname: "b", Display }, page).display;
    expect(display({ BadgeColor: "#123456" })).toMatchObject({ color: "#123456", badgeColor: "#123456" });
    expect(display({ PrimaryColor: "red" })).toMatchObject({ color: "red", badgeColor: "red" });
  });
});

describe("events", () => {
  it("gives each handler an event, until it is taken off", () => {
    const events = new Emitter();
    const heard: unknown[] = [];
    const handler = (event: Event) => heard.push([event.type, (event as CustomEvent).detail]);
    events.on("message", handler);
    events.on("message", handler);
    events.emit("message", { text: "Hi" });
    events.off("message", handler);
    events.emit("message", { text: "again" });

    expect(heard).toEqual([["message", { text: "Hi" }]]);
  });

  it("keeps the page's errors apart", () => {
    const told = vi.spyOn(console, "error").mockReturnValue();
    const events = new Emitter();
    const second = vi.fn();
    events.on("opened", () => { throw new Error("theirs"); });
    events.on("opened", second);
    events.emit("opened");

    expect(second).toHaveBeenCalledOnce();
    expect(told).toHaveBeenCalledOnce();
  });
});

describe("words", () => {
  it("fills in the same names in every language", () => {
    const names = (words: string) => (words.match(/\{\w+\}/g) ?? []).sort();
    for (const [key, words] of Object.entries(en)) {
      expect(names(es[key as keyof typeof en]), key).toEqual(names(words));
    }
  });

  it("speaks the language of a region, and English where it knows no better", () => {
    expect(speech("es-MX", "MX").say("send")).toBe("Enviar");
    expect(speech("xx", null).language).toBe("en");
    expect(speech("en", "not a region").say("send")).toBe("Send");
  });

  it("names the near days", () => {
    const now = Date.parse("2026-03-04T12:00:00");
    const { day } = speech("en", "GB");
    expect([day("2026-03-04T00:01:00", now), day("2026-03-03T23:59:00", now)]).toEqual(["Today", "Yesterday"]);
    expect(day("2026-02-20T10:00:00", now)).toBe("Friday 20 February");
    expect(speech("es", null).day("2026-03-03T10:00:00", now)).toBe("Ayer");
  });
});

it("remembers within the page when the browser forbids storage", () => {
  const forbid = vi.fn(() => {
    throw new DOMException("blocked", "SecurityError");
  });
  vi.stubGlobal("localStorage", { getItem: forbid, setItem: forbid, removeItem: forbid });
  const { shared } = memories("acme");
  shared.set("token", "t");
  expect(shared.get("token")).toBe("t");
  shared.clear();
  expect(shared.get("token")).toBeNull();
  expect(forbid).toHaveBeenCalled();
  vi.unstubAllGlobals();
});
