import { Button } from "@mantine/core";
import { IconFlask, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { Splash } from "../../components/Splash";
import { t } from "../../i18n";
import { useTitle } from "../../platform/useTitle";
import { CHAT, fetchChat, type Chat } from "./api";
import { NewChatDialog } from "./NewChatDialog";
import { Stage } from "./Stage";

/** Playing both sides of a chat, to see what agents are offered (CMP-256..261). */
export default function Sandbox() {
  const client = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const chat = useQuery({ queryKey: CHAT, queryFn: ({ signal }) => fetchChat(signal), staleTime: Infinity });
  useTitle(t("console.sandbox"));
  const begun = (fresh: Chat) => {
    client.setQueryData(CHAT, fresh);
    setIsAsking(false);
  };
  return (
    <>
      {chat.isPending ? (
        <Splash />
      ) : chat.isError ? (
        <Failure error={chat.error} onRetry={() => void chat.refetch()} />
      ) : chat.data ? (
        <Stage key={chat.data.id} chat={chat.data} onNew={() => setIsAsking(true)} />
      ) : (
        <Nothing onNew={() => setIsAsking(true)} />
      )}
      <NewChatDialog opened={isAsking} before={chat.data ?? null} onBegun={begun} onClose={() => setIsAsking(false)} />
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
