/** What survives a reload, under names of this app only; a page that forbids storage loses it. */
export interface Memory {
  get(name: string): string | null;
  set(name: string, value: string | null): void;
  /** Forgets everything of this app. */
  clear(): void;
  /** Another tab changed a name; answers a function that stops listening. */
  onChange(name: string, run: (value: string | null) => void): () => void;
}

/** `shared` is for all tabs of this browser, `tab` for this one alone. */
export function memories(app: string): { shared: Memory; tab: Memory } {
  return { shared: memory(app, () => localStorage), tab: memory(app, () => sessionStorage) };
}

function memory(app: string, storage: () => Storage): Memory {
  const prefix = `rapport:${app}:`;
  const lost = new Map<string, string>();
  /** Reading the property itself throws where the browser blocks storage. */
  const attempt = <T>(run: (at: Storage) => T, otherwise: () => T): T => {
    try {
      return run(storage());
    } catch {
      return otherwise();
    }
  };
  return {
    get: (name) => attempt((at) => at.getItem(prefix + name), () => lost.get(name) ?? null),
    set(name, value) {
      const keep = () => void (value === null ? lost.delete(name) : lost.set(name, value));
      attempt((at) => (value === null ? at.removeItem(prefix + name) : at.setItem(prefix + name, value)), keep);
    },
    clear() {
      lost.clear();
      attempt((at) => {
        const names = Object.keys(at).filter((name) => name.startsWith(prefix));
        for (const name of names) at.removeItem(name);
      }, () => undefined);
    },
    onChange(name, run) {
      const changed = (event: StorageEvent) => {
        if (event.key === prefix + name) run(event.newValue);
      };
      addEventListener("storage", changed);
      return () => removeEventListener("storage", changed);
    },
  };
}
