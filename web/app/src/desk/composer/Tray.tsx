import { ActionIcon, Button } from "@mantine/core";
import { IconAlertTriangle, IconListSearch, IconSparkles } from "@tabler/icons-react";
import { t } from "../../i18n";
import { ApiError } from "../../platform/http";
import { useNow } from "../../platform/useNow";
import { Chips } from "./Chips";
import type { Greeted } from "./greeter";
import { placeholdersOf } from "./texts";
import styles from "./Tray.module.css";
import type { Writer, WriterState } from "./writer";

interface TrayProps {
  writer: Writer;
  state: WriterState;
  /** Null when the company's responses cannot be searched. */
  onSearch: (() => void) | null;
  onFill: () => void;
}

/** The row above the field: why nothing was sent, a greeting about to go, or what one may say. */
export function Tray({ writer, state, onSearch, onFill }: TrayProps) {
  const { composition, greeting, offered } = state;
  const { block, text } = composition;
  if (block === "profanity") return <Notice title={t("compose.profanity")} hint={t("compose.profanity.hint")} />;
  if (block === "placeholder") return <Unfilled text={text} onFill={onFill} onSend={() => writer.submit(true)} />;
  if (greeting) return <Preview greeting={greeting} onCancel={() => writer.cancelGreeting()} />;
  const isDrawer = composition.phase === "DRAWER";
  return (
    <div className={styles.tray}>
      <Chips
        suggestions={isDrawer ? [] : offered.suggestions}
        hint={offered.failure === null ? t("composer.hint") : failed(offered.failure)}
        onChoose={(index, way) => writer.choose(index, way)}
      />
      {onSearch && (
        <ActionIcon
          className={styles.search}
          variant="default"
          size={36}
          radius="md"
          aria-label={text && !isDrawer ? t("compose.search.for", { text: shortened(text) }) : t("compose.search")}
          aria-keyshortcuts="Alt+G"
          title={t("compose.search")}
          onMouseDown={(event) => event.preventDefault()}
          onClick={onSearch}
        >
          <IconListSearch size={18} />
        </ActionIcon>
      )}
    </div>
  );
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** Nothing is said about a mere delay; a refusal names what to ask about it. */
function failed(error: unknown): string {
  if (!(error instanceof ApiError) || error.isOffline) return t("composer.hint");
  const reference = error.requestId ? ` ${t("error.request", { id: error.requestId })}` : "";
  return t("compose.unavailable") + reference;
}

const Notice = ({ title, hint }: { title: string; hint: string }) => (
  <div className={styles.notice} role="alert">
    <IconAlertTriangle size={18} aria-hidden="true" />
    <span className={styles.said}>
      <strong>{title}</strong> {hint}
    </span>
  </div>
);

function Unfilled({ text, onFill, onSend }: { text: string; onFill: () => void; onSend: () => void }) {
  const first = placeholdersOf(text)[0];
  return (
    <div className={styles.notice} role="alert" data-kind="warn">
      <IconAlertTriangle size={18} aria-hidden="true" />
      <span className={styles.said}>
        <strong>{t("compose.placeholder", { what: first ? text.slice(first.from, first.to) : "" })}</strong>{" "}
        <span className={styles.optional}>{t("compose.placeholder.hint")}</span>
      </span>
      <Button size="compact-sm" variant="default" onClick={onFill}>
        {t("compose.placeholder.edit")}
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={onSend}>
        {t("compose.placeholder.send")}
      </Button>
    </div>
  );
}

function Preview({ greeting, onCancel }: { greeting: Greeted; onCancel: () => void }) {
  const left = Math.ceil((greeting.at - useNow()) / 1000);
  // The clock of the page ticks once a second: it may be a moment behind.
  const count = Math.max(0, Math.min(left, greeting.seconds));
  return (
    <div className={styles.greeting} role="group" aria-label={t("panel.tab.autopilot")}>
      <IconSparkles size={18} aria-hidden="true" />
      <span className={styles.said}>
        <span className={`${styles.countdown} numeric`} role="timer">
          {t("compose.greeting", { count })}
        </span>
        <span className={`${styles.preview} truncate`} title={t("compose.greeting.hint")}>
          {greeting.text}
        </span>
      </span>
      <Button size="compact-sm" variant="default" onClick={onCancel}>
        {t("compose.greeting.cancel")}
      </Button>
    </div>
  );
}
