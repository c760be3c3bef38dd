import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { Secret } from "../components/Secret";
import { t } from "../i18n";
import type { KeyWithSecret } from "./api";

/** The one time a secret can be seen. */
export function NewSecret({ made, onClose }: { made: KeyWithSecret | null; onClose: () => void }) {
  return (
    <Modal opened={made !== null} onClose={onClose} title={t("portal.secret")} closeOnClickOutside={false} centered size="lg">
      {made && (
        <Stack gap="sm">
          <Text c="var(--ink-2)" lh={1.5}>
            {t("portal.secret.hint")}
          </Text>
          <Secret label={t("portal.key.id")} value={made.key.id} />
          <Secret label={t("portal.key.secret")} value={made.secret} />
          <Group justify="flex-end" mt="xs">
            <Button onClick={onClose}>{t("portal.secret.done")}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
