import { ActionIcon, Button, Fieldset, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { beginChat, type Chat } from "./api";

interface NewChatDialogProps {
  opened: boolean;
  /** The chat it takes the place of: who plays again usually means the same customer. */
  before: Chat | null;
  onBegun: (chat: Chat) => void;
  onClose: () => void;
}

export function NewChatDialog({ opened, before, onBegun, onClose }: NewChatDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={t("sandbox.new")} centered size="lg">
      <Fields before={before} onBegun={onBegun} onClose={onClose} />
    </Modal>
  );
}

type Pair = readonly [key: string, value: string];

function Fields({ before, onBegun, onClose }: Omit<NewChatDialogProps, "opened">) {
  const [name, setName] = useState(before?.customerName ?? "");
  const [pairs, setPairs] = useState<readonly Pair[]>(() => Object.entries(before?.metadata ?? {}));
  const beginning = useChange(beginChat, { touches: [], isQuiet: true, onSuccess: onBegun });
  const change = (at: number, pair: Pair) => setPairs(pairs.map((one, index) => (index === at ? pair : one)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = pairs.map(([key, value]) => [key.trim(), value.trim()] as const).filter(([key]) => key);
    beginning.mutate({ customerName: name.trim(), metadata: Object.fromEntries(given) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text c="var(--ink-2)" lh={1.5}>
          {t(before ? "sandbox.new.hint" : "sandbox.first.hint")}
        </Text>
        <TextInput
          label={t("sandbox.customer")}
          description={t("sandbox.customer.hint")}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Fieldset variant="unstyled" legend={<b>{t("sandbox.metadata")}</b>} styles={{ legend: { fontSize: 13, padding: 0 }, root: { margin: 0, padding: 0 } }}>
          <Text c="var(--ink-3)" fz="12.5px" mb={8}>
            {t("sandbox.metadata.hint")}
          </Text>
          <Stack gap="xs">
            {pairs.map(([key, value], index) => (
              <Group key={index} gap="xs" wrap="nowrap">
                <TextInput
                  flex={1}
                  aria-label={t("sandbox.metadata.key", { n: index + 1 })}
                  placeholder="queue_name"
                  // A row that was just added is there to be written.
                  autoFocus={key === "" && value === ""}
                  value={key}
                  maxLength={100}
                  onChange={(event) => change(index, [event.currentTarget.value, value])}
                />
                <TextInput
                  flex={1}
                  aria-label={t("sandbox.metadata.value", { n: index + 1 })}
                  placeholder="billing"
                  value={value}
                  maxLength={500}
                  onChange={(event) => change(index, [key, event.currentTarget.value])}
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={36}
                  aria-label={t("sandbox.metadata.remove", { n: index + 1 })}
                  onClick={() => setPairs(pairs.filter((_, at) => at !== index))}
                >
                  <IconX size={17} />
                </ActionIcon>
              </Group>
            ))}
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconPlus size={15} />}
              style={{ alignSelf: "flex-start" }}
              disabled={pairs.length >= 20}
              onClick={() => setPairs([...pairs, ["", ""]])}
            >
              {t("sandbox.metadata.add")}
            </Button>
          </Stack>
        </Fieldset>
        {beginning.isError && (
          <Text c="var(--bad)" role="alert">
            {explain(beginning.error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={beginning.isPending}>
            {t("sandbox.begin")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
