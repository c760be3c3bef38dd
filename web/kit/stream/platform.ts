/** What the client needs from its surroundings, so that a test can drive time and the network. */
export interface Platform {
  /** Milliseconds since the epoch. */
  now(): number;
  /** 0 (inclusive) to 1 (exclusive). */
  random(): number;
  /** A new random UUID. */
  id(): string;
  /** Runs once after `ms` milliseconds; answers a function that cancels it. */
  schedule(run: () => void, ms: number): () => void;
  openSocket(url: string, handlers: SocketHandlers): Socket;
  /** Tells when the browser came online, woke, or became visible; answers a function that stops it. */
  onWake(run: () => void): () => void;
  /** Tells when the browser believes the network is gone; answers a function that stops it. */
  onOffline(run: () => void): () => void;
}

export interface SocketHandlers {
  opened(): void;
  received(text: string): void;
  /** Called once, also when the connection was never established. */
  closed(code: number, reason: string): void;
}

export interface Socket {
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** The browser. */
export const browser: Platform = {
  now: () => Date.now(),
  random: () => Math.random(),
  id: uuid,
  schedule(run, ms) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  openSocket(url, handlers) {
    const socket = new WebSocket(url);
    socket.addEventListener("open", () => handlers.opened());
    socket.addEventListener("message", (event) => handlers.received(String(event.data)));
    socket.addEventListener("close", (event) => handlers.closed(event.code, event.reason));
    return {
      send: (text) => socket.send(text),
      close: (code, reason) => socket.close(code, reason),
    };
  },
  onWake(run) {
    const visible = () => {
      if (document.visibilityState === "visible") run();
    };
    addEventListener("online", run);
    addEventListener("pageshow", run);
    document.addEventListener("visibilitychange", visible);
    return () => {
      removeEventListener("online", run);
      removeEventListener("pageshow", run);
      document.removeEventListener("visibilitychange", visible);
    };
  },
  onOffline(run) {
    addEventListener("offline", run);
    return () => removeEventListener("offline", run);
  },
};

/** `crypto.randomUUID` exists on secure origins only; a self-hosted page may be plain HTTP. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
