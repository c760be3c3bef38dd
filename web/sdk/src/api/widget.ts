import { browser, Cell, type Platform } from "@rapport/kit/stream";
import { Chat } from "../session/chat";
import type { Fetch } from "../session/http";
import { Identity } from "../session/identity";
import { memories } from "../session/memory";
import { mount, type Mounted } from "../ui/mount";
import { FULL_SCREEN } from "../ui/screen";
import type { Showing, View } from "../ui/view";
import { speech } from "../words";
import { Emitter } from "./emitter";
import type { Api } from "./queue";
import { readSettings, type LoadSettings, type Settings } from "./settings";

/** What the page's commands act on; a test gives its own. */
export interface Surroundings {
  platform: Platform;
  fetch: Fetch;
}

const PAGE: Surroundings = { platform: browser, fetch: (url, init) => fetch(url, init) };

interface Loaded {
  readonly settings: Settings;
  readonly given: LoadSettings;
  readonly chat: Chat;
  readonly showing: Cell<Showing>;
  readonly mounted: Mounted;
  readonly setOpen: (isOpen: boolean) => void;
}

/** The commands of `Rapport(name, …)`, around at most one widget on the page. */
export function createApi(surroundings: Surroundings = PAGE): Api {
  const events = new Emitter();
  let loaded: Loaded | null = null;

  const open = () => loaded?.setOpen(true);
  const close = () => loaded?.setOpen(false);

  const destroy = (forget = false) => {
    if (!loaded) return;
    const { chat, mounted } = loaded;
    loaded = null;
    mounted.unmount();
    chat.close(forget);
    events.emit("destroyed");
  };

  return {
    load(given: LoadSettings) {
      if (loaded) return console.warn("rapport: already loaded; unload it first");
      const settings = readSettings(given, location.origin);
      whenBodyExists(() => {
        loaded ??= build(settings, given, events, surroundings);
      });
    },
    open,
    close,
    show: open,
    hide: close,
    /** Leaves an open chat or a conversation with an agent alone; `destroy` does not. */
    unload() {
      if (loaded && !loaded.showing.get().isOpen && !isLive(loaded.chat)) destroy();
    },
    unloadAndClearSession: () => destroy(true),
    destroy: () => destroy(),
    on: (name: string, handler: EventListener) => events.on(name, handler),
    off: (name: string, handler: EventListener) => events.off(name, handler),
    setCustomer(given: LoadSettings) {
      if (!loaded) return console.warn("rapport: setCustomer before load");
      Object.assign(loaded.given, given);
      void loaded.chat.identify(new Identity(loaded.given));
    },
    getState(callback: (state: object) => void) {
      callback(stateOf(loaded));
    },
  };
}

function build(settings: Settings, given: LoadSettings, events: Emitter, around: Surroundings): Loaded {
  const { shared, tab } = memories(settings.app);
  const words = speech(settings.language, settings.region);
  const announcement = new Cell("");
  const { display } = settings;
  const wasOpen = tab.get("open") === "true";
  const showing = new Cell<Showing>({
    isOpen: wasOpen,
    takesFocus: false,
    hasBadge: display.hasBadge && (!display.hidesBadgeOnLoad || wasOpen),
  });
  const chat = new Chat({
    origin: settings.origin,
    app: settings.app,
    environment: settings.environment,
    identity: new Identity(given),
    shared,
    tab,
    platform: around.platform,
    fetch: around.fetch,
    onReady: () => void events.emit("ready"),
    onMessage: ({ conversation, at, actor, data }) => {
      const name = actor.name ?? words.say("someone");
      announcement.set(words.say("said", { name, text: data.text }));
      events.emit("message", { conversation, at, role: data.role, text: data.text, name });
    },
  });
  let returnTo: HTMLElement | null = null;
  const setOpen = (isOpen: boolean) => {
    if (showing.get().isOpen === isOpen) return;
    if (!events.emit(isOpen ? "chat:show" : "chat:hide", {}, true)) return;
    if (isOpen) void chat.start();
    tab.set("open", isOpen ? "true" : null);
    const hasBadge = display.hasBadge && (isOpen || showing.get().hasBadge);
    const { activeElement } = document;
    if (isOpen) {
      returnTo = activeElement instanceof HTMLElement && activeElement !== mounted.host ? activeElement : null;
      showing.set({ isOpen, takesFocus: true, hasBadge });
    } else {
      // Focus goes back only if it was in the window that closes: to the page, or the button.
      const wasInside = activeElement === mounted.host;
      const toPage = wasInside && returnTo?.isConnected && returnTo !== document.body;
      if (toPage) returnTo?.focus();
      showing.set({ isOpen, takesFocus: wasInside && !toPage, hasBadge });
    }
    events.emit(isOpen ? "opened" : "closed");
  };
  const view: View = {
    chat,
    speech: words,
    display,
    showing,
    announcement,
    tab,
    open: () => setOpen(true),
    close: () => setOpen(false),
  };
  const mounted = mount(view, document.documentElement.dir || "ltr");
  // A browser that has chatted hears of answers at once; for any other the network waits.
  if (wasOpen || chat.isKnown) void chat.start();
  queueMicrotask(() => {
    events.emit("booted");
    settings.onLoadComplete?.(true);
  });
  return { settings, given: { ...given }, chat, showing, mounted, setOpen };
}

function isLive(chat: Chat): boolean {
  const current = chat.get().conversations.at(-1)?.timeline;
  return Boolean(current && !current.ended && current.participants.some((one) => one.present));
}

function stateOf(loaded: Loaded | null): object {
  const isMobile = matchMedia("(pointer: coarse)").matches;
  return {
    hasContext: {},
    hasCustomerId: Boolean(loaded?.given.CustomerId),
    isFullscreen: matchMedia(FULL_SCREEN).matches,
    isLiveChat: loaded ? isLive(loaded.chat) : false,
    isLoggingIn: false,
    isMobile,
    isOpen: loaded?.showing.get().isOpen ?? false,
    unreadMessages: loaded?.chat.get().unread ?? 0,
  };
}

/** A script in the head may run before there is a body to put anything in. */
function whenBodyExists(run: () => void): void {
  if (document.body) return run();
  document.addEventListener("DOMContentLoaded", run, { once: true });
}
