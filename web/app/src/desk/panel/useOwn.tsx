import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { recall, remember } from "../../platform/memory";
import { useSession } from "../../session/SessionContext";
import { createResponse, deleteResponse, ROOT, updateResponse, type Collection, type Response } from "./api";
import { movedTo } from "./tree";
import { CUSTOMS } from "./useLists";

const UNDO_MS = 8_000;

/** What one does with one's own responses in the list: each shows at once, and comes back if it fails. */
export function useOwn() {
  const client = useQueryClient();
  const { order, keep } = useOrder();

  const attempt = useCallback(
    async (change: (now: Collection) => Collection, run: () => Promise<unknown>) => {
      await client.cancelQueries({ queryKey: CUSTOMS });
      client.setQueryData<Collection>(CUSTOMS, (now) => now && change(now));
      try {
        await run();
      } catch (error) {
        notifications.show({ message: explain(error), color: "red" });
      }
      await client.invalidateQueries({ queryKey: CUSTOMS });
    },
    [client],
  );

  const restore = ({ title = "", text, folderId = ROOT, metadata = [] }: Response) =>
    attempt((now) => now, () => createResponse({ title, text, folderId, metadata }));

  const remove = (response: Response) => {
    const offer = `removed-${response.id}`;
    void attempt(
      (now) => ({ ...now, responses: now.responses.filter((one) => one.id !== response.id) }),
      async () => {
        await deleteResponse(response.id);
        notifications.show({
          id: offer,
          message: (
            <Group justify="space-between" wrap="nowrap">
              {t("customs.removed", { title: response.title ?? "" })}
              <Button
                variant="subtle"
                size="compact-sm"
                onClick={() => {
                  notifications.hide(offer);
                  void restore(response);
                }}
              >
                {t("action.undo")}
              </Button>
            </Group>
          ),
          autoClose: UNDO_MS,
        });
      },
    );
  };

  const moveTo = (response: Response, folderId: string) => {
    if ((response.folderId || ROOT) === folderId) return;
    const { title = "", text, metadata = [] } = response;
    void attempt(
      (now) => ({ ...now, responses: now.responses.map((one) => (one.id === response.id ? { ...one, folderId } : one)) }),
      () => updateResponse(response.id, { title, text, metadata, folderId }),
    );
  };

  /** Puts one of `siblings` at another place among them. */
  const place = (siblings: readonly Response[], id: string, index: number) => {
    const ids = movedTo(siblings.map((one) => one.id), id, index);
    keep([...order.filter((one) => !ids.includes(one)), ...ids]);
  };
  return { order, remove, moveTo, place };
}

/** The order a person likes their responses in: kept in this browser, for the lists sort by title. */
function useOrder() {
  const key = `order.${useSession().person.id}`;
  const [order, setOrder] = useState<readonly string[]>(() => (recall(key) ?? "").split(",").filter(Boolean));
  const keep = (next: readonly string[]) => {
    setOrder(next);
    remember(key, next.join(","));
  };
  return { order, keep };
}
