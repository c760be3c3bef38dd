import { useEffect } from "react";
import { t } from "../i18n";

/** The name of the page on the browser's tab, with how many messages wait. */
export function useTitle(title: string, unread = 0): void {
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${title} · ${t("app.name")}`;
  }, [title, unread]);
}
