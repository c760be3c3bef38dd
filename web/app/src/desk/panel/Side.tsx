import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useRef, type KeyboardEvent } from "react";
import { ErrorBoundary } from "../../components/ErrorBoundary";
import { t } from "../../i18n";
import { Details } from "../../talk/Details";
import { useAssist } from "../Assist";
import { AutopilotTab } from "./AutopilotTab";
import { CustomTab } from "./CustomTab";
import { GlobalTab } from "./GlobalTab";
import styles from "./Panel.module.css";

export type Tab = "customer" | "globals" | "customs" | "autopilot";

interface SideProps {
  /** The conversation that is open. */
  id: string | null;
  tab: Tab;
  onTab: (tab: Tab) => void;
  /** Called when a response went into the message: a sheet then makes room. */
  onInserted: () => void;
  onClose?: () => void;
  /** Whether who the customer is stands here, too. */
  hasCustomer?: boolean;
}

/** Beside a conversation: who the customer is, and what one may say. */
export function Side({ id, tab, onTab, onInserted, onClose, hasCustomer = true }: SideProps) {
  const { settings } = useAssist();
  const all = tabsOf(settings?.autocomposeDisabled ?? false, settings?.autopilotGreetingsDisabled ?? false);
  const tabs = all.filter((one) => hasCustomer || one !== "customer");
  const shown = tabs.includes(tab) ? tab : (tabs[0] ?? "customer");
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(shown) + by + tabs.length) % tabs.length]!;
    onTab(next);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  };
  return (
    <div className={styles.side}>
      <div className={styles.bar}>
        <div ref={list} className={styles.tabs} role="tablist" aria-label={t("panel.region")} onKeyDown={onKeyDown}>
          {tabs.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              id={`side-${one}`}
              className={styles.tab}
              data-tab={one}
              aria-selected={one === shown}
              aria-controls="side-panel"
              tabIndex={one === shown ? 0 : -1}
              onClick={() => onTab(one)}
            >
              {t(`panel.tab.${one}`)}
            </button>
          ))}
        </div>
        {onClose && (
          <ActionIcon variant="subtle" color="gray" size={30} aria-label={t("panel.close")} title={t("panel.close")} onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        )}
      </div>
      <div className={styles.body} role="tabpanel" id="side-panel" aria-labelledby={`side-${shown}`}>
        <ErrorBoundary key={`${id ?? ""}-${shown}`}>
          {shown === "customer" && hasCustomer && id && <Details id={id} />}
          {shown === "globals" && <GlobalTab conversation={id} onInserted={onInserted} />}
          {shown === "customs" && <CustomTab conversation={id} onInserted={onInserted} />}
          {shown === "autopilot" && <AutopilotTab />}
        </ErrorBoundary>
      </div>
    </div>
  );
}

function tabsOf(isOff: boolean, isUngreeting: boolean): Tab[] {
  if (isOff) return ["customer"];
  return isUngreeting ? ["customer", "globals", "customs"] : ["customer", "globals", "customs", "autopilot"];
}
