import { createContext, use } from "react";
import type { Permission, PersonRole, Session } from "../platform/types";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("nobody is signed in here");
  return session;
}

/** Whether the person who is signed in may do something. The server enforces it, this shows it. */
export const useMay = (): ((permission: Permission) => boolean) => {
  const { permissions } = useSession().person;
  return (permission) => permissions.includes(permission);
};

type Place = "desk" | "live" | "metrics" | "console" | "portal";

/** Where each role may go; the first is where it starts. The server enforces it, this shows it. */
const PLACES: Readonly<Record<PersonRole, readonly Place[]>> = {
  agent: ["desk"],
  supervisor: ["live", "desk", "metrics"],
  administrator: ["console", "live", "portal"],
  developer: ["portal"],
};

export const placesOf = (role: PersonRole): readonly Place[] => PLACES[role];

export const ADDRESS: Readonly<Record<Place, string>> = {
  desk: "/desk",
  live: "/desk/live",
  metrics: "/desk/metrics",
  console: "/console",
  portal: "/portal",
};

export const homeOf = (role: PersonRole): string => ADDRESS[PLACES[role][0]!];
