import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { removeResponse, RESPONSES, type ResponsePage } from "./api";

/** How long it can be undone; the pointer on the offer stops the clock. */
const UNDO_MS = 8_000;

interface Removal {
  /** Out of sight, and perhaps not yet deleted. */
  hidden: ReadonlySet<string>;
  remove: (id: string) => void;
}

/** Deletes responses once the offer to undo has passed, or its reader has left. */
export function useRemoval(): Removal {
  const client = useQueryClient();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const waiting = useRef(new Set<string>());

  const show = useCallback((id: string) => setHidden((now) => new Set([...now].filter((one) => one !== id))), []);
  const finish = useCallback(
    async (id: string) => {
      if (!waiting.current.delete(id)) return;
      try {
        await removeResponse(id);
        await client.cancelQueries({ queryKey: RESPONSES });
        client.setQueryData<InfiniteData<ResponsePage>>(RESPONSES, (library) => library && without(library, id));
      } catch (error) {
        notifications.show({ message: explain(error), color: "red" });
        await client.invalidateQueries({ queryKey: RESPONSES });
      }
      show(id);
    },
    [client, show],
  );
  const remove = useCallback(
    (id: string) => {
      waiting.current.add(id);
      setHidden((now) => new Set(now).add(id));
      const undo = () => {
        waiting.current.delete(id);
        notifications.hide(offerOf(id));
        show(id);
      };
      notifications.show({
        id: offerOf(id),
        message: (
          <Group justify="space-between" wrap="nowrap">
            {t("responses.deleted")}
            <Button variant="subtle" size="compact-sm" onClick={undo}>
              {t("action.undo")}
            </Button>
          </Group>
        ),
        autoClose: UNDO_MS,
        onClose: () => void finish(id),
      });
    },
    [finish, show],
  );

  useEffect(() => {
    const all = waiting.current;
    const finishAll = () => {
      // Closing the offer ends it.
      for (const id of [...all]) notifications.hide(offerOf(id));
    };
    addEventListener("pagehide", finishAll);
    return () => {
      removeEventListener("pagehide", finishAll);
      finishAll();
    };
  }, []);
  return { hidden, remove };
}

const offerOf = (id: string): string => `removed-${id}`;

const without = (library: InfiniteData<ResponsePage>, id: string): InfiniteData<ResponsePage> => ({
  ...library,
  pages: library.pages.map((page) => ({ ...page, responses: page.responses.filter((one) => one.id !== id) })),
});
