import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useCallback, useEffect, useRef, useState } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { removeResponses } from "./api";
import type { Draft } from "./useDraft";

/** How long it can be undone; the pointer on the offer stops the clock. */
const UNDO_MS = 8_000;
const OFFER = "responses-removed";

interface Removal {
  /** Out of sight, and perhaps not yet deleted. */
  hidden: ReadonlySet<string>;
  remove: (ids: readonly string[]) => void;
  /** Deletes now what waits: what is saved or deployed must be what one sees. */
  finish: () => Promise<void>;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Deletes responses once the offer to undo has passed, or its reader has left. */
export function useRemoval({ revision, dropped, reload }: Draft): Removal {
  const [hidden, setHidden] = useState(NOTHING);
  const waiting = useRef<readonly string[]>([]);
  const latest = useRef({ revision, dropped, reload });
  useEffect(() => {
    latest.current = { revision, dropped, reload };
  });

  const finish = useCallback(async () => {
    const ids = waiting.current;
    if (ids.length === 0) return;
    waiting.current = [];
    notifications.hide(OFFER);
    try {
      const { revision: next } = await removeResponses(latest.current.revision, [...ids]);
      latest.current.dropped(next, ids);
    } catch (error) {
      notifications.show({ message: explain(error), color: "red" });
      await latest.current.reload();
    }
    setHidden((now) => without(now, ids));
  }, []);
  const remove = useCallback(
    (ids: readonly string[]) => {
      void finish();
      waiting.current = ids;
      setHidden((now) => new Set([...now, ...ids]));
      const undo = () => {
        waiting.current = [];
        setHidden((now) => without(now, ids));
        notifications.hide(OFFER);
      };
      notifications.show({
        id: OFFER,
        message: (
          <Group justify="space-between" wrap="nowrap">
            {t("responses.deleted", { count: ids.length })}
            <Button variant="subtle" size="compact-sm" onClick={undo}>
              {t("action.undo")}
            </Button>
          </Group>
        ),
        autoClose: UNDO_MS,
        onClose: () => void finish(),
      });
    },
    [finish],
  );
  useEffect(() => {
    const leave = () => void finish();
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      leave();
    };
  }, [finish]);
  return { hidden, remove, finish };
}

const without = (all: ReadonlySet<string>, ids: readonly string[]): ReadonlySet<string> => {
  const gone = new Set(ids);
  return new Set([...all].filter((one) => !gone.has(one)));
};
