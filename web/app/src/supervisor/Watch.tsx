import { Drawer } from "@mantine/core";
import { useStore } from "@rapport/kit/react";
import { Conversation } from "@rapport/kit/stream";
import { IconEye, IconLock } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Empty } from "../components/Empty";
import { explain } from "../components/Failure";
import { Splash } from "../components/Splash";
import { EndDialog } from "../desk/EndDialog";
import { t } from "../i18n";
import { useConnection } from "../live/LiveProvider";
import { ofLive } from "../platform/http";
import { useSession } from "../session/SessionContext";
import { Details } from "../talk/Details";
import styles from "../talk/Talk.module.css";
import { TalkHeader } from "../talk/TalkHeader";
import { Transcript } from "../talk/Transcript";
import watch from "./Watch.module.css";

interface WatchProps {
  id: string;
  onBack: () => void;
}

/** A conversation read along, without a trace in it. */
export function Watch({ id, onBack }: WatchProps) {
  const connection = useConnection();
  const [conversation, setConversation] = useState<Conversation | null>(null);
  useEffect(() => {
    const opened = new Conversation(connection, id, { reader: null });
    setConversation(opened);
    return () => opened.close();
  }, [connection, id]);
  return conversation ? <Open id={id} onBack={onBack} conversation={conversation} /> : <Splash />;
}

function Open({ id, onBack, conversation }: WatchProps & { conversation: Conversation }) {
  const { person } = useSession();
  const { status, timeline, typing, present, refusal } = useStore(conversation);
  const [ending, setEnding] = useState(false);
  const [showsDetails, setShowsDetails] = useState(false);
  if (status === "refused") return <Empty icon={<IconLock size={24} />} title={t("error.missing")} hint={refusal ? explain(ofLive(refusal)) : ""} />;
  if (status === "loading") return <Splash />;
  const name = timeline.customer?.name ?? t("talk.unknown");
  const isOver = timeline.ended !== null;
  return (
    <div className={`${styles.talk} ${watch.watch}`} role="region" aria-label={t("talk.region", { name })}>
      <TalkHeader
        timeline={timeline}
        isOnline={present.some((one) => one.role === "customer")}
        onBack={onBack}
        onDetails={() => setShowsDetails(true)}
        onEnd={isOver ? null : () => setEnding(true)}
      />
      <Transcript
        conversation={`watch-${id}`}
        entries={timeline.entries}
        outbox={[]}
        customer={name}
        reader={person.id}
        typing={typing.map((one) => one.name ?? name)}
      />
      <p className={watch.note}>
        <IconEye size={15} aria-hidden="true" /> {t(isOver ? "ended.readonly" : "live.watching")}
      </p>
      <EndDialog opened={ending} id={id} customer={name} onClose={() => setEnding(false)} onEnded={() => undefined} />
      <Drawer opened={showsDetails} onClose={() => setShowsDetails(false)} position="right" title={t("details.region")} size={340}>
        <Details id={id} />
      </Drawer>
    </div>
  );
}
