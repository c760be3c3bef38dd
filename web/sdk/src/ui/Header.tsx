import { useStore } from "@rapport/kit/preact";
import type { ConversationState } from "@rapport/kit/stream";
import { CloseIcon } from "./icons";
import { useView } from "./view";

/** Whose chat this is, and who is there. */
export function Header() {
  const view = useView();
  const { say } = view.speech;
  const { company, conversations } = useStore(view.chat);
  const agent = agentOf(conversations.at(-1));
  const title = view.display.title ?? company?.name ?? say("widget");
  return (
    <div class="header">
      <span class="avatar large" aria-hidden="true" data-online={agent?.isHere ?? false}>
        {initial(agent?.name ?? title)}
      </span>
      <div class="header-words">
        <h2 class="title" id="rapport-title" dir="auto">
          {title}
        </h2>
        <p class="subtitle" dir="auto">
          {agent?.isHere ? say("online", { name: agent.name }) : (agent?.name ?? say("team"))}
        </p>
      </div>
      <button type="button" class="icon-button" aria-label={say("close")} onClick={view.close}>
        <CloseIcon />
      </button>
    </div>
  );
}

/** The agent of a conversation that goes on, and whether they are there now. */
function agentOf(conversation: ConversationState | undefined): { name: string; isHere: boolean } | null {
  if (!conversation || conversation.timeline.ended) return null;
  const agent = conversation.timeline.participants.findLast((one) => one.role === "agent" && one.present);
  if (!agent?.name) return null;
  const isHere = conversation.present.some((one) => one.role === "agent");
  return { name: agent.name, isHere };
}

export const initial = (name: string): string => (name.trim()[0] ?? "·").toLocaleUpperCase();
