import { useStore } from "@rapport/kit/preact";
import { transcript, type Actor, type Row } from "@rapport/kit/stream";
import { useMemo } from "preact/hooks";
import { DownIcon } from "./icons";
import { initial } from "./Header";
import { Message } from "./Message";
import { useFollowing } from "./following";
import { useView } from "./view";

/** Everything that was said, oldest first, and who is typing. */
export function Transcript() {
  const view = useView();
  const { say } = view.speech;
  const { conversations, outbox, earlier, company } = useStore(view.chat);
  const timelines = conversations.map((one) => one.timeline);
  const rows = useMemo(
    () => transcript(timelines.flatMap((one) => one.entries), outbox),
    [...timelines, outbox],
  );
  const typing = conversations.at(-1)?.typing ?? [];
  const { log, isBehind, onScroll, toEnd } = useFollowing(rows, typing.length);
  const lastMine = rows.findLast((row) => row.kind === "message" && row.role === "customer");
  return (
    <div class="transcript">
      <div
        ref={log}
        class="log"
        role="log"
        aria-live="off"
        aria-label={say("conversation")}
        tabIndex={0}
        onScroll={onScroll}
      >
        <div class="fill" />
        {earlier.count > 0 || (earlier.isLoading && conversations.length > 0) ? (
          <Earlier />
        ) : (
          <Greeting text={company?.greeting || say("greeting")} name={company?.name ?? say("someone")} />
        )}
        {rows.map((row) => (
          <OneRow key={row.id} row={row} isLastMine={row === lastMine} />
        ))}
        {typing.length > 0 && <Typing who={typing[0]!} />}
      </div>
      {isBehind && (
        <button type="button" class="to-end" aria-label={say("toLatest")} onClick={toEnd}>
          <DownIcon />
        </button>
      )}
    </div>
  );
}

function OneRow({ row, isLastMine }: { row: Row; isLastMine: boolean }) {
  const { speech } = useView();
  switch (row.kind) {
    case "message":
      return <Message bubble={row} showsState={isLastMine} />;
    case "day":
      return (
        <p class="day">
          <time dateTime={row.at}>{speech.day(row.at, Date.now())}</time>
        </p>
      );
    case "joined":
      return <p class="mark">{speech.say("joined", { name: row.text })}</p>;
    case "ended":
      return (
        <p class="mark ended">
          <strong>{speech.say("ended")}</strong> {speech.say("endedHint")}
        </p>
      );
    default:
      return null;
  }
}

function Earlier() {
  const { chat, speech } = useView();
  const { earlier } = useStore(chat);
  return (
    <p class="earlier">
      <button type="button" class="pill" disabled={earlier.isLoading} onClick={() => chat.showEarlier()}>
        {speech.say(earlier.isLoading ? "loadingEarlier" : "earlier")}
      </button>
    </p>
  );
}

function Greeting({ text, name }: { text: string; name: string }) {
  return (
    <div class="greeting">
      <span class="avatar huge" aria-hidden="true">
        {initial(name)}
      </span>
      <p dir="auto">{text}</p>
    </div>
  );
}

/** Seen, not heard: typing is not announced. */
function Typing({ who }: { who: Actor }) {
  const { speech } = useView();
  const name = who.name ?? speech.say("someone");
  return (
    <div class="message theirs typing starts ends" aria-hidden="true" title={speech.say("typing", { name })}>
      <span class="avatar">{initial(name)}</span>
      <p class="bubble">
        <i />
        <i />
        <i />
      </p>
    </div>
  );
}
