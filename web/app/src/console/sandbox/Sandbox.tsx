import { Button } from "@mantine/core";
import { IconFlask, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { Splash } from "../../components/Splash";
import { t } from "../../i18n";
import { useTitle } from "../../platform/useTitle";
import { fetchPlaying, PLAYING, type Chat, type Playing } from "./api";
import { NewChatDialog } from "./NewChatDialog";
import { Stage } from "./Stage";

/** What was said is learnt within moments: so often one looks. */
const LEARNING_MS = 5_000;

/** Playing both sides of a chat, to see what agents are offered (CMP-256..261). */
export default function Sandbox() {
  const client = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const playing = useQuery({ queryKey: PLAYING, queryFn: ({ signal }) => fetchPlaying(signal), staleTime: 0, refetchInterval: LEARNING_MS });
  useTitle(t("console.sandbox"));
  const begun = (fresh: Chat) => {
    client.setQueryData<Playing>(PLAYING, (before) => ({ learnt: before?.learnt ?? 0, chat: fresh }));
    setIsAsking(false);
  };
  return (
    <>
      {playing.isPending ? (
        <Splash />
      ) : !playing.data ? (
        <Failure error={playing.error} onRetry={() => void playing.refetch()} />
      ) : playing.data.chat ? (
        <Stage key={playing.data.chat.id} chat={playing.data.chat} learnt={playing.data.learnt} onNew={() => setIsAsking(true)} />
      ) : (
        <Nothing onNew={() => setIsAsking(true)} />
      )}
      <NewChatDialog opened={isAsking} before={playing.data?.chat ?? null} onBegun={begun} onClose={() => setIsAsking(false)} />
    </>
  );
}

const Nothing = ({ onNew }: { onNew: () => void }) => (
  <>
    <h1 className="said">{t("console.sandbox")}</h1>
    <Empty
      icon={<IconFlask size={24} />}
      title={t("sandbox.none")}
      hint={t("sandbox.none.hint")}
      action={
        <Button leftSection={<IconPlus size={17} />} onClick={onNew}>
          {t("sandbox.begin")}
        </Button>
      }
    />
  </>
);
