import { Button, Skeleton } from "@mantine/core";
import { useStore } from "@rapport/kit/react";
import { Cell, type Conversation, type ConversationState } from "@rapport/kit/stream";
import { IconLock } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { Empty } from "../components/Empty";
import { t } from "../i18n";
import { isBehindDialog, isInField } from "../platform/keys";
import { useReading } from "../talk/useReading";
import { TalkHeader } from "../talk/TalkHeader";
import { Transcript } from "../talk/Transcript";
import { useSession } from "../session/SessionContext";
import { useAssist } from "./Assist";
import { Composer } from "./composer/Composer";
import { useDesk, useDeskStore } from "./DeskProvider";
import { EndDialog } from "./EndDialog";
import { ResponseDialog } from "./panel/ResponseDialog";
import styles from "../talk/Talk.module.css";

interface TalkProps {
  id: string;
  onBack: () => void;
  /** Called when the conversation leaves the desk. */
  onLeave: (id: string) => void;
  /** Shows what stands beside it; null while it is there. */
  onSide: (() => void) | null;
}

const NOBODY = new Cell<ConversationState | null>(null);

/** One of my conversations, or why it is not. */
export function Talk(props: TalkProps) {
  const store = useDeskStore();
  const { status, rows } = useDesk();
  const isMine = rows.some((row) => row.id === props.id);
  const conversation = isMine ? (store?.conversation(props.id) ?? null) : null;
  const state = useStore<ConversationState | null>(conversation ?? NOBODY);
  if (conversation && state?.status === "live") return <Open {...props} conversation={conversation} state={state} />;
  if (status !== null && !isMine) {
    return <Empty icon={<IconLock size={24} />} title={t("desk.mine.not")} hint={t("desk.mine.not.hint")} />;
  }
  return <Loading />;
}

function Open({ id, onBack, onLeave, onSide, conversation, state }: TalkProps & { conversation: Conversation; state: ConversationState }) {
  const store = useDeskStore()!;
  const { person } = useSession();
  const { writers, settings } = useAssist();
  const writer = useMemo(() => writers.of(conversation), [writers, conversation]);
  const [ending, setEnding] = useState(false);
  const [saving, setSaving] = useState<string | null>(null);
  const { timeline, outbox, typing, present } = state;
  const name = timeline.customer?.name ?? t("talk.unknown");
  const isOver = timeline.ended !== null;
  useReading(conversation, timeline.cursor);
  useTalkKeys(() => setEnding(!isOver));

  const leave = () => {
    store.dismiss(id);
    onLeave(id);
  };
  return (
    <div className={styles.talk} role="region" aria-label={t("talk.region", { name })}>
      <TalkHeader
        timeline={timeline}
        hue={store.hue(id)}
        isOnline={present.some((one) => one.role === "customer")}
        onBack={onBack}
        onDetails={onSide}
        onEnd={isOver ? null : () => setEnding(true)}
      />
      <Transcript
        key={id}
        conversation={id}
        entries={timeline.entries}
        outbox={outbox}
        customer={name}
        reader={person.id}
        typing={typing.map((one) => one.name ?? name)}
        onRetry={(key) => conversation.retry(key)}
        onDiscard={(key) => conversation.discard(key)}
        onSave={settings?.autocomposeDisabled ? null : setSaving}
      />
      {isOver ? (
        <div className={styles.over}>
          {t("talk.over")}
          <Button variant="default" onClick={leave}>
            {t("talk.dismiss")}
          </Button>
        </div>
      ) : (
        <Composer key={id} writer={writer} customer={name} />
      )}
      <EndDialog opened={ending} id={id} customer={name} onClose={() => setEnding(false)} onEnded={leave} />
      {saving !== null && <ResponseDialog text={saving} onClose={() => setSaving(null)} />}
    </div>
  );
}

function useTalkKeys(onEnd: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isBehindDialog()) return;
      const run = event.ctrlKey && event.key === "e" ? onEnd : null;
      const compose = event.key === "c" && !event.ctrlKey && !event.metaKey && !event.altKey && !isInField(event);
      if (!run && !compose) return;
      event.preventDefault();
      if (run) run();
      else document.querySelector("textarea")?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
}

const Loading = () => (
  <div className={styles.loading} aria-busy="true" aria-label={t("talk.loading")}>
    {[46, 62, 38, 54].map((width, index) => (
      <Skeleton key={width} height={40} radius={16} width={`${width}%`} ml={index % 2 ? "auto" : 0} />
    ))}
  </div>
);
