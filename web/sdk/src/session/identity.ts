import { text, type BearerSet, type Context, type ContextProvider, type LoadSettings } from "../api/settings";

/** How long a provider may take before the last known context is used. */
const PROVIDER_TIMEOUT_MS = 10_000;

type Scalar = string | number | boolean;

/** What the server takes of a page's information about a customer. */
const MOST_INFO = 50;
const LONGEST_INFO_NAME = 100;
const LONGEST_INFO_VALUE = 1_000;

/** How a company says who its customer is. */
export type Proof = string | BearerSet;

type Given = Pick<LoadSettings, "CustomerId" | "CustomerName" | "IdentityToken" | "ContextProvider">;

/** Who the page says the customer is, and the context it gives. */
export class Identity {
  readonly customerId: string | null;
  readonly name: string | null;
  readonly #token: Proof | null;
  /** What the page gave when the server renewed it, and what stands in its place since. */
  #renewed: { of: string; by: BearerSet } | null = null;
  readonly #provider: ContextProvider | null;
  #context: Context = {};

  constructor(given: Given) {
    this.customerId = text(given.CustomerId);
    this.name = text(given.CustomerName);
    this.#token = proof(given.IdentityToken);
    this.#provider = given.ContextProvider ?? null;
  }

  /** What the page last said about the customer: single values of sensible length, or null. */
  get customerInfo(): Record<string, Scalar> | null {
    const given = Object.entries(this.#context.CustomerInfo ?? {}).filter(isAcceptable);
    return given.length > 0 ? Object.fromEntries(given.slice(0, MOST_INFO)) : null;
  }

  /** The company's token, asked for anew when the earlier one was refused. */
  async token(needsRefresh: boolean): Promise<Proof | null> {
    await this.refresh(needsRefresh);
    return this.#renewed?.of === JSON.stringify(this.#given) ? this.#renewed.by : this.#given;
  }

  /** The server renewed the set: the page's own is over, until it gives another. */
  keep(renewed: BearerSet): void {
    this.#renewed = { of: JSON.stringify(this.#given), by: renewed };
  }

  get #given(): Proof | null {
    return proof(this.#context.Auth?.Token) ?? this.#token;
  }

  /** Asks the page for its context; a provider that stays silent keeps the earlier one. */
  async refresh(needsRefresh: boolean): Promise<Context> {
    const provider = this.#provider;
    if (!provider) return this.#context;
    const late = Symbol("late");
    let timer: ReturnType<typeof setTimeout> | undefined;
    const given = await Promise.race([
      new Promise<Context>((resolve) => provider(resolve, needsRefresh)),
      new Promise<typeof late>((resolve) => (timer = setTimeout(resolve, PROVIDER_TIMEOUT_MS, late))),
    ]);
    clearTimeout(timer);
    if (given === late) console.warn("rapport: ContextProvider did not call back in time");
    else if (given && typeof given === "object") this.#context = given;
    return this.#context;
  }
}

const proof = (given: unknown): Proof | null =>
  given !== null && typeof given === "object" && "access_token" in given ? (given as BearerSet) : text(given);

/** One odd value must not cost the customer their message: it is left out, with a word to the page's author. */
function isAcceptable(entry: [string, unknown]): entry is [string, Scalar] {
  const [name, value] = entry;
  const isScalar = ["string", "number", "boolean"].includes(typeof value);
  const fits = name !== "" && name.length <= LONGEST_INFO_NAME && String(value).length <= LONGEST_INFO_VALUE;
  if (!isScalar || !fits) console.warn(`rapport: CustomerInfo "${name}" was left out`);
  return isScalar && fits;
}
