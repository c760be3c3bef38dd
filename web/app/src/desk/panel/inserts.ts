import type { ConversationState } from "@rapport/kit/stream";
import type { Session } from "../../platform/types";
import type { Response } from "./api";

/** What placeholders stand for in one conversation, by their plain names. */
export type Values = ReadonlyMap<string, string>;

interface Known {
  customer: string | null;
  agent: string | null;
  metadata: Readonly<Record<string, unknown>>;
  /** The company's, for a conversation that names none. */
  timeZone: string;
  now: Date;
}

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9_ .-]{0,63})\}/g;

/** The names that responses use for the same two people. */
const CUSTOMER = ["NAME", "FIRSTNAME", "CUSTOMERNAME", "CUSTOMERFIRSTNAME", "CUSTOMER.NAME"];
const AGENT = ["REPNAME", "AGENTNAME", "AGENTFIRSTNAME", "REPFIRSTNAME", "AGENT.NAME"];

/** First names, the customer's time of day and every metadata value; what is unknown is absent. */
export function valuesOf({ customer, agent, metadata, timeZone, now }: Known): Values {
  const texts = Object.entries(metadata).flatMap(([key, value]) => (typeof value === "string" ? [[plain(key), value]] : []));
  const found = [
    ...texts,
    ...CUSTOMER.map((name) => [name, firstName(customer)]),
    ...AGENT.map((name) => [name, firstName(agent)]),
    ["TIMEOFDAY", timeOfDay(metadata["CUSTOMER_TIMEZONE"] || timeZone, now)],
  ] as [string, string][];
  return new Map(found.filter(([, value]) => value !== ""));
}

export const valuesIn = ({ timeline }: ConversationState, { person, company }: Session): Values =>
  valuesOf({
    customer: timeline.customer?.name ?? null,
    agent: person.name,
    metadata: timeline.metadata,
    timeZone: company.time_zone,
    now: new Date(),
  });

/** A response as it would be said here; a placeholder that nothing fills stays, to be seen. */
export function fill({ text, metadata = [] }: Pick<Response, "text" | "metadata">, values: Values): string {
  const bound = new Map(metadata.map(({ name, allowedValues }) => [name, allowedValues]));
  return text.replace(PLACEHOLDER, (whole, name: string) => {
    const places = bound.get(name) ?? [name];
    return places.map((place) => values.get(plain(place.replace(METADATA, "")))).find(Boolean) ?? whole;
  });
}

/** How a binding names a value of the conversation's metadata. */
const METADATA = /^metadata\./;

const plain = (name: string): string => name.replace(/[ _-]/g, "").toUpperCase();

const firstName = (name: string | null): string => (name ?? "").split(" ")[0]!;

function timeOfDay(zone: unknown, now: Date): string {
  if (typeof zone !== "string" || !zone) return "";
  try {
    const hour = Number(new Intl.DateTimeFormat("en-GB", { hour: "2-digit", timeZone: zone }).format(now));
    if (hour >= 5 && hour < 12) return "morning";
    return hour >= 12 && hour < 17 ? "afternoon" : "evening";
  } catch {
    return ""; // no time zone of this world
  }
}
