import { Button, Drawer, SegmentedControl } from "@mantine/core";
import { useStore } from "@rapport/kit/react";
import { Conversation } from "@rapport/kit/stream";
import { IconBooks, IconRefresh } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { Failure } from "../../components/Failure";
import { Splash } from "../../components/Splash";
import { Tag } from "../../components/Tag";
import { Assist, useAssist } from "../../desk/Assist";
import { Composer } from "../../desk/composer/Composer";
import { Side } from "../../desk/panel/Side";
import { useSide } from "../../desk/panel/useSide";
import { t } from "../../i18n";
import { useConnection } from "../../live/LiveProvider";
import { ofLive } from "../../platform/http";
import { useSession } from "../../session/SessionContext";
import { Transcript } from "../../talk/Transcript";
import type { Chat } from "./api";
import { CustomerField } from "./CustomerField";
import styles from "./Sandbox.module.css";

interface StageProps {
  chat: Chat;
  learnt: number;
  onNew: () => void;
}

type Role = Chat["lines"][number]["role"];

/** The sheet's own parts scroll, not the sheet. */
const SHEET = { content: { display: "flex", flexDirection: "column" }, body: { flex: 1, minHeight: 0 } } as const;

/** One chat that is played: what was said, and the side that speaks next. */
export function Stage({ chat, learnt, onNew }: StageProps) {
  const connection = useConnection();
  const [conversation, setConversation] = useState<Conversation | null>(null);
  useEffect(() => {
    const opened = new Conversation(connection, chat.id, { reader: "agent" });
    setConversation(opened);
    return () => opened.close();
  }, [connection, chat.id]);
  const open = useMemo(() => new Set([chat.id]), [chat.id]);
  if (!conversation) return <Splash />;
  return (
    <Assist open={open}>
      <Played chat={chat} learnt={learnt} conversation={conversation} onNew={onNew} />
    </Assist>
  );
}

function Played({ chat, learnt, conversation, onNew }: StageProps & { conversation: Conversation }) {
  const { person } = useSession();
  const { status, timeline, outbox, refusal } = useStore(conversation);
  // A chat begins with its customer; who comes back goes on as the agent.
  const [role, setRole] = useState<Role>(chat.lines.length > 0 ? "agent" : "customer");
  const side = useSide();
  const name = chat.customerName ?? t("talk.unknown");
  const isAgent = role === "agent";
  if (status === "refused") return <Failure error={refusal && ofLive(refusal)} />;
  if (status === "loading") return <Splash />;
  return (
    <div className={styles.sandbox} data-side={isAgent && side.isShown}>
      <div className={styles.stage}>
        <header className={styles.header}>
          <div className={styles.words}>
            <h1 className={styles.title}>{t("console.sandbox")}</h1>
            <div className={styles.facts}>
              <span>{name}</span>
              {Object.entries(chat.metadata).map(([key, value]) => (
                <Tag key={key}>{`${key}: ${value}`}</Tag>
              ))}
              <span className={styles.learnt}>{t("sandbox.learnt", { count: learnt })}</span>
            </div>
          </div>
          {isAgent && !side.isShown && (
            <Button variant="default" leftSection={<IconBooks size={17} />} onClick={side.show}>
              {t("sandbox.panel")}
            </Button>
          )}
          <Button variant="default" leftSection={<IconRefresh size={17} />} onClick={onNew}>
            {t("sandbox.new")}
          </Button>
        </header>
        <Transcript
          conversation={chat.id}
          entries={timeline.entries}
          outbox={outbox}
          customer={name}
          reader={person.id}
          typing={[]}
          onRetry={(key) => conversation.retry(key)}
          onDiscard={(key) => conversation.discard(key)}
        />
        <div className={styles.side}>
          <span id="sandbox-side">{t("sandbox.side")}</span>
          <SegmentedControl
            size="xs"
            aria-labelledby="sandbox-side"
            value={role}
            onChange={(value) => setRole(value as Role)}
            data={[
              { value: "customer", label: t("role.customer") },
              { value: "agent", label: t("role.agent") },
            ]}
          />
          <span className={styles.note}>{t(`sandbox.side.${role}`)}</span>
        </div>
        {isAgent ? <AgentField conversation={conversation} customer={name} /> : <CustomerField chat={chat.id} />}
      </div>
      {isAgent && side.isShown && (
        <aside className={styles.panel} aria-label={t("panel.region")}>
          <Side id={chat.id} tab={side.tab} onTab={side.choose} onInserted={side.inserted} onClose={side.hide} hasCustomer={false} />
        </aside>
      )}
      <Drawer opened={isAgent && side.isSheet} onClose={side.hide} position="right" title={t("panel.region")} size={380} padding={0} styles={SHEET}>
        <Side id={chat.id} tab={side.tab} onTab={side.choose} onInserted={side.inserted} hasCustomer={false} />
      </Drawer>
    </div>
  );
}

/** The desk's own composer: what helps an agent helps here. */
function AgentField({ conversation, customer }: { conversation: Conversation; customer: string }) {
  const { writers } = useAssist();
  const writer = useMemo(() => writers.of(conversation), [writers, conversation]);
  return <Composer writer={writer} customer={customer} />;
}
