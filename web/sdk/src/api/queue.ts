/** One call of the page: a command's name and its arguments. */
export type Call = ArrayLike<unknown>;

export type Api = Readonly<Record<string, (...args: never[]) => unknown>>;

export type Run = (name: string, ...args: unknown[]) => unknown;

interface Stub extends Run {
  /** The calls made before the script arrived. */
  _?: Call[];
  Host?: string;
}

/**
 * Answers the function that runs commands, after running those that were queued, in order.
 * Names match whatever their case. An error of ours is told on the console and never thrown
 * into the page.
 */
export function takeOver(queued: Call[], api: Api): Run {
  const commands = new Map(Object.entries(api).map(([name, command]) => [name.toLowerCase(), command]));
  const run: Run = (name, ...args) => {
    const command = commands.get(String(name).toLowerCase());
    if (!command) return console.warn(`rapport: unknown command "${name}"`);
    try {
      return command(...(args as never[]));
    } catch (error) {
      return console.error("rapport:", name, error);
    }
  };
  for (const call of queued.splice(0)) {
    const [name, ...args] = Array.from(call);
    run(String(name), ...args);
  }
  return run;
}

/** The names a page may have given its queue: ours, and the one existing snippets use. */
const NAMES = ["Rapport", "ASAPP"] as const;

/** Replaces each stub the page made by the live function; `Rapport` exists in any case. */
export function install(scope: Record<string, unknown>, api: Api): void {
  const stubs = NAMES.map((name) => scope[name] as Stub | undefined);
  const queued = stubs.flatMap((stub) => stub?._?.splice(0) ?? []);
  const calls: Call[] = [];
  const live: Run = (...call) => (started ? run(...call) : void calls.push(call));
  let started = false;
  NAMES.forEach((name, index) => {
    const stub = stubs[index];
    if (stub || name === "Rapport") scope[name] = Object.assign(live, stub?.Host ? { Host: stub.Host } : {});
  });
  // A queued command may call the function itself: those calls come after the queue.
  const run = takeOver(queued, api);
  started = true;
  for (const [name, ...args] of calls.map((call) => Array.from(call))) run(String(name), ...args);
}
