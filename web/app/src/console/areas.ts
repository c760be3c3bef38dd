import {
  IconBan,
  IconBook2,
  IconBraces,
  IconChartBar,
  IconChartLine,
  IconFlask,
  IconHistory,
  IconKey,
  IconPencil,
  IconShieldLock,
  IconUsers,
  type Icon,
} from "@tabler/icons-react";
import type { Key } from "../i18n";
import type { Permission } from "../platform/types";
import { useMay } from "../session/SessionContext";

export interface ConsolePage {
  path: string;
  label: Key;
  /** What it is for, on the tile. */
  hint: Key;
  Icon: Icon;
  needs: Permission;
}

export interface Area {
  label: Key;
  pages: readonly ConsolePage[];
}

/** What administrators set up, by area. */
export const AREAS = [
  {
    label: "console.area.services",
    pages: [
      { path: "responses", label: "console.responses", hint: "console.responses.hint", Icon: IconBook2, needs: "manage_responses" },
      { path: "dictionary", label: "console.dictionary", hint: "console.dictionary.hint", Icon: IconBraces, needs: "manage_responses" },
      { path: "composer", label: "console.composer", hint: "console.composer.hint", Icon: IconPencil, needs: "manage_responses" },
      { path: "models", label: "console.models", hint: "console.models.hint", Icon: IconChartLine, needs: "manage_responses" },
      { path: "blocklist", label: "console.blocklist", hint: "console.blocklist.hint", Icon: IconBan, needs: "manage_configuration" },
      { path: "metrics", label: "console.metrics", hint: "console.metrics.hint", Icon: IconChartBar, needs: "watch_conversations" },
      { path: "sandbox", label: "console.sandbox", hint: "console.sandbox.hint", Icon: IconFlask, needs: "manage_responses" },
    ],
  },
  {
    label: "console.area.company",
    pages: [
      { path: "people", label: "console.people", hint: "console.people.hint", Icon: IconUsers, needs: "manage_people" },
      { path: "single-sign-on", label: "console.signOn", hint: "console.signOn.hint", Icon: IconKey, needs: "manage_people" },
      { path: "redaction", label: "console.redaction", hint: "console.redaction.hint", Icon: IconShieldLock, needs: "manage_configuration" },
      { path: "audit", label: "console.audit", hint: "console.audit.hint", Icon: IconHistory, needs: "read_audit" },
    ],
  },
] as const satisfies readonly Area[];

export type PagePath = (typeof AREAS)[number]["pages"][number]["path"];

/** The areas with the pages that this person may open; an area without any is left out. */
export function useAreas(): readonly Area[] {
  const may = useMay();
  return AREAS.map(({ label, pages }) => ({ label, pages: (pages as readonly ConsolePage[]).filter(({ needs }) => may(needs)) })).filter(
    ({ pages }) => pages.length > 0,
  );
}
