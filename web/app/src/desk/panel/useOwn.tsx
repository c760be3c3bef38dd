import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { explain } from "../../components/Failure";
import { t, type Key } from "../../i18n";
import { arrangeResponses, createResponse, deleteResponse, ROOT, updateResponse, type Collection, type Response } from "./api";
import { movedTo, rearranged } from "./tree";
import { CUSTOMS } from "./useLists";

const UNDO_MS = 8_000;

interface Act {
  /** How the list looks at once. */
  change: (now: Collection) => Collection;
  run: () => Promise<unknown>;
  /** What was not done, should it fail. */
  failure: Key;
}

/** What one does with one's own responses in the list: each shows at once, and is taken back if it fails. */
export function useOwn() {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationKey: CUSTOMS,
    // One after the other: of two orders the server keeps the one that comes last.
    scope: { id: CUSTOMS.join() },
    mutationFn: ({ run }: Act) => run(),
    onMutate: async ({ change }) => {
      await client.cancelQueries({ queryKey: CUSTOMS });
      const before = client.getQueryData<Collection>(CUSTOMS);
      client.setQueryData<Collection>(CUSTOMS, (now) => now && change(now));
      return before;
    },
    onError: (error, { failure }, before) => {
      if (before) client.setQueryData<Collection>(CUSTOMS, before);
      notifications.show({ message: t(failure, { why: explain(error) }), color: "red" });
    },
    onSettled: () => {
      // What is still to be done shows already; reading in between would hide it for a moment.
      if (client.isMutating({ mutationKey: CUSTOMS }) === 1) return client.invalidateQueries({ queryKey: CUSTOMS });
    },
  });

  const idsNow = (): string[] => (client.getQueryData<Collection>(CUSTOMS)?.responses ?? []).map((one) => one.id);

  /** As they are by now: what is on screen may be a keystroke behind. */
  const orderedNow = (siblings: readonly Response[]): string[] => {
    const wanted = new Set(siblings.map((one) => one.id));
    return idsNow().filter((id) => wanted.has(id));
  };

  /** Writes a deleted response again, where it was. */
  const restore = ({ id, title = "", text, folderId = ROOT, metadata = [] }: Response, order: readonly string[]) => {
    const run = async () => {
      const made = await createResponse({ title, text, folderId, metadata });
      const known = new Set(idsNow());
      await arrangeResponses(order.map((one) => (one === id ? made.id : one)).filter((one) => one === made.id || known.has(one)));
    };
    mutate({ change: (now) => now, run, failure: "customs.remove.failed.undo" });
  };

  const remove = (response: Response) => {
    const offer = `removed-${response.id}`;
    const order = idsNow();
    const run = async () => {
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
                restore(response, order);
              }}
            >
              {t("action.undo")}
            </Button>
          </Group>
        ),
        autoClose: UNDO_MS,
      });
    };
    mutate({
      change: (now) => ({ ...now, responses: now.responses.filter((one) => one.id !== response.id) }),
      run,
      failure: "customs.remove.failed",
    });
  };

  /** Puts a response into a folder, behind what is there. */
  const moveTo = (response: Response, folderId: string) => {
    if ((response.folderId || ROOT) === folderId) return;
    const { title = "", text, metadata = [] } = response;
    mutate({
      change: (now) => ({ ...now, responses: now.responses.map((one) => (one.id === response.id ? { ...one, folderId } : one)) }),
      run: () => updateResponse(response.id, { title, text, metadata, folderId }),
      failure: "customs.move.failed",
    });
  };

  /** Puts one of `siblings`, or one that joins them, at a place among them. */
  const place = (siblings: readonly Response[], id: string, index: number) => {
    const ids = movedTo(orderedNow(siblings), id, index);
    mutate({
      change: (now) => {
        const byId = new Map(now.responses.map((one) => [one.id, one]));
        return { ...now, responses: rearranged([...byId.keys()], ids).map((one) => byId.get(one)!) };
      },
      run: () => arrangeResponses(rearranged(idsNow(), ids)),
      failure: "customs.order.failed",
    });
  };

  /** Moves one of `siblings` up or down; returns which of them it is then, from 1, and null at an end. */
  const step = (siblings: readonly Response[], id: string, by: number): number | null => {
    const ids = orderedNow(siblings);
    const index = ids.indexOf(id) + by;
    if (index < 0 || index >= ids.length) return null;
    place(siblings, id, index);
    return index + 1;
  };
  return { remove, moveTo, place, step };
}
