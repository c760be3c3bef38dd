import { useLocation } from "wouter";
import { t } from "../i18n";
import { placesOf, useSession } from "../session/SessionContext";

export interface Destination {
  href: string;
  label: string;
  isHere: boolean;
}

/** The pages this person may go to, and which one this is. */
export function useDestinations(): Destination[] {
  const [path] = useLocation();
  const places = placesOf(useSession().person.role);
  const all = [
    { place: "live", href: "/desk/live", label: t("nav.live") },
    { place: "live", href: "/desk/ended", label: t("nav.ended") },
    { place: "desk", href: "/desk", label: t("nav.desk") },
    { place: "metrics", href: "/desk/metrics", label: t("nav.metrics") },
    { place: "console", href: "/console", label: t("nav.console") },
    { place: "portal", href: "/portal", label: t("nav.portal") },
  ] as const;
  return all
    .filter(({ place }) => places.includes(place))
    .map(({ href, label }) => ({ href, label, isHere: isHere(path, href) }));
}

const isHere = (path: string, href: string): boolean =>
  href === "/desk" ? path === "/desk" || path.startsWith("/desk/c/") : path.startsWith(href);
