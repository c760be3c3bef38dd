import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { Secret } from "../../components/Secret";
import { t } from "../../i18n";
import type { Invited } from "./api";

/** Shown once: afterwards only a new one can be made. */
export function OneTimePasswords({ invited, onClose }: { invited: Invited[]; onClose: () => void }) {
  return (
    <Modal
      opened={invited.length > 0}
      onClose={onClose}
      title={t("people.passwords")}
      closeOnClickOutside={false}
      centered
      size="lg"
    >
      <Stack gap="sm">
        <Text c="var(--ink-2)" lh={1.5}>
          {t("people.passwords.hint")}
        </Text>
        {invited.map(({ person, password }) => (
          <Secret key={person.id} label={`${person.name} · ${person.email}`} value={password} />
        ))}
        <Group justify="flex-end" mt="xs">
          <Button onClick={onClose}>{t("action.done")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
