import { useStore } from "@rapport/kit/preact";
import { useView } from "./view";

/** Says that nothing arrives right now, once a loss has lasted long enough to matter. */
export function Banner() {
  const view = useView();
  const { phase, connection } = useStore(view.chat);
  const isOffline = phase === "unavailable" || (phase === "ready" && connection === "offline");
  return (
    <div class="banner" role="status" data-shown={isOffline}>
      {isOffline && (
        <span class="banner-words">
          <span class="spinner" aria-hidden="true" />
          {view.speech.say("reconnecting")}
        </span>
      )}
    </div>
  );
}
