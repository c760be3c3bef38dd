import { useStore } from "@rapport/kit/preact";
import { Launcher } from "./Launcher";
import { Panel } from "./Panel";
import { ViewProvider, type View } from "./view";

export function Root({ view }: { view: View }) {
  const { isOpen, hasBadge } = useStore(view.showing);
  return (
    <ViewProvider value={view}>
      <div class="root">
        <Announcement view={view} />
        {isOpen && <Panel />}
        {hasBadge && <Launcher />}
      </div>
    </ViewProvider>
  );
}

/** Reads out what the other side says, and nothing else; it must exist before it changes. */
function Announcement({ view }: { view: View }) {
  return (
    <div class="hidden" role="status" aria-live="polite">
      {useStore(view.announcement)}
    </div>
  );
}
