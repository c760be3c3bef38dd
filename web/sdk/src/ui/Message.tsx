import type { Bubble } from "@rapport/kit/stream";
import { ClockIcon, OneTickIcon, TwoTicksIcon } from "./icons";
import { Linked } from "./links";
import { initial } from "./Header";
import { useView } from "./view";

interface Props {
  bubble: Bubble;
  /** The customer's latest message tells how far it got; the earlier ones got further. */
  showsState: boolean;
}

/** One message: its words, who said it, when, and how far it got. */
export function Message({ bubble, showsState }: Props) {
  const { say } = useView().speech;
  const isMine = bubble.role === "customer";
  const name = isMine ? say("you") : (bubble.author?.name ?? say("someone"));
  const classes = ["message", isMine ? "mine" : "theirs", bubble.starts && "starts", bubble.ends && "ends"];
  return (
    <div class={classes.filter(Boolean).join(" ")} data-state={bubble.state} data-id={bubble.id}>
      {!isMine && (
        <span class="avatar" aria-hidden="true">
          {bubble.ends && initial(name)}
        </span>
      )}
      <div class="message-body">
        {bubble.starts && !isMine ? (
          <p class="author" dir="auto">
            {name}
          </p>
        ) : (
          <span class="hidden">{name}</span>
        )}
        <p class="bubble" dir="auto">
          <Linked text={bubble.text} />
        </p>
        <Foot bubble={bubble} showsState={isMine && showsState} />
      </div>
    </div>
  );
}

function Foot({ bubble, showsState }: Props) {
  const { chat, speech } = useView();
  const { pendingKey, state } = bubble;
  if (state === "failed" && pendingKey !== null) {
    return (
      <p class="foot failed">
        <span>{speech.say("failed")}</span>
        <button type="button" class="text-button" onClick={() => chat.retry(pendingKey)}>
          {speech.say("retry")}
        </button>
        <button type="button" class="text-button" onClick={() => chat.discard(pendingKey)}>
          {speech.say("discard")}
        </button>
      </p>
    );
  }
  if (!bubble.ends && !showsState) return null;
  return (
    <p class="foot">
      <time dir="auto" dateTime={bubble.at}>{speech.time(bubble.at)}</time>
      {showsState && state !== "failed" && <State state={state} />}
    </p>
  );
}

const ICONS = { sending: ClockIcon, sent: OneTickIcon, delivered: TwoTicksIcon, read: TwoTicksIcon };

function State({ state }: { state: keyof typeof ICONS }) {
  const Icon = ICONS[state];
  return (
    <span class="state" data-state={state}>
      <Icon />
      {useView().speech.say(state)}
    </span>
  );
}
