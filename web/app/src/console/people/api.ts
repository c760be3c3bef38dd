import { call } from "../../platform/http";
import type { PersonRole } from "../../platform/types";

export interface Employee {
  id: string;
  email: string;
  name: string;
  role: PersonRole;
  slots: number;
  enabled: boolean;
  must_change_password: boolean;
  locked_until: string | null;
  created_at: string;
}

export interface EmployeePage {
  items: Employee[];
  nextCursor: string | null;
}

export interface Invitation {
  email: string;
  name: string;
  role: PersonRole;
}

/** Somebody with the password that is shown once. */
export interface Invited {
  person: Employee;
  password: string;
}

export const PEOPLE = ["people"] as const;
export const ROLES: readonly PersonRole[] = ["agent", "supervisor", "administrator", "developer"];

const BASE = "/console/v1/people";

export const fetchPeople = (search: string, role: string | null, cursor: string | null, signal: AbortSignal) =>
  call<EmployeePage>(BASE, { query: { search, role, cursor, limit: 100 }, signal });

export const invite = (people: Invitation[]) =>
  call<{ items: Invited[] }>(BASE, { method: "POST", body: { people } });

export const change = (id: string, body: { name?: string; role?: PersonRole; slots?: number }) =>
  call<Employee>(`${BASE}/${id}`, { method: "PATCH", body });

export const act = (id: string, action: "disable" | "enable" | "unlock") =>
  call<Employee>(`${BASE}/${id}/${action}`, { method: "POST" });

export const resetPassword = (id: string) => call<Invited>(`${BASE}/${id}/reset-password`, { method: "POST" });

export const remove = (id: string) => call<void>(`${BASE}/${id}`, { method: "DELETE" });
