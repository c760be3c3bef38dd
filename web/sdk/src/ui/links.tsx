import type { ComponentChildren } from "preact";
import { useView } from "./view";

/** An address up to the punctuation that ends the sentence around it. */
const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,:;!?)\]}]/gi;

/** Text as it was written, with its web addresses made links. Never markup. */
export function Linked({ text }: { text: string }) {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    parts.push(text.slice(end, match.index), <Link address={match[0]} />);
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return <>{parts}</>;
}

/** Within the page's own origin the page moves on and the chat with it; elsewhere, a new window. */
function Link({ address }: { address: string }) {
  const { speech } = useView();
  if (isSameOrigin(address)) return <a href={address}>{address}</a>;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {address}
      <span class="hidden"> {speech.say("opensInNewWindow")}</span>
    </a>
  );
}

function isSameOrigin(address: string): boolean {
  try {
    return new URL(address).origin === location.origin;
  } catch {
    return false;
  }
}
