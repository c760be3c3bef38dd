import { ActionIcon, Button, Group, Menu, Modal, Select, Text } from "@mantine/core";
import { IconBan, IconDots, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { Confirm } from "../components/Confirm";
import { CopyText } from "../components/CopyText";
import { Tag } from "../components/Tag";
import { t } from "../i18n";
import { count, dateTime } from "../i18n/format";
import { useChange } from "../platform/useChange";
import { PORTAL, revokeKey, rotateKey, type ApiKey, type KeyWithSecret } from "./api";
import styles from "./Portal.module.css";

interface KeyRowProps {
  apiKey: ApiKey;
  mayChange: boolean;
  onSecret: (made: KeyWithSecret) => void;
}

export function KeyRow({ apiKey, mayChange, onSecret }: KeyRowProps) {
  const [asking, setAsking] = useState<"rotate" | "revoke" | null>(null);
  const revoking = useChange(() => revokeKey(apiKey.id), { touches: PORTAL, isQuiet: true });
  const { name, revoked_at } = apiKey;
  return (
    <div className={styles.key} data-revoked={revoked_at !== null}>
      <div>
        <div className={styles.keyName}>
          {name}
          <State apiKey={apiKey} />
        </div>
        <CopyText text={apiKey.id} what={t("portal.key.id")} mono />
      </div>
      <Facts apiKey={apiKey} />
      {mayChange && revoked_at === null ? (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t("people.actions.of", { name })}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => setAsking("rotate")}>
              {t("portal.key.rotate")}
            </Menu.Item>
            <Menu.Item c="var(--bad)" leftSection={<IconBan size={16} />} onClick={() => setAsking("revoke")}>
              {t("portal.key.revoke")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : (
        <span />
      )}
      <Rotate apiKey={apiKey} opened={asking === "rotate"} onClose={() => setAsking(null)} onSecret={onSecret} />
      <Confirm
        opened={asking === "revoke"}
        title={t("portal.key.revoke.title", { name })}
        label={t("portal.key.revoke")}
        onConfirm={() => revoking.mutateAsync()}
        onClose={() => setAsking(null)}
      >
        {t("portal.key.revoke.text")}
      </Confirm>
    </div>
  );
}

function State({ apiKey: { revoked_at, previous_until } }: { apiKey: ApiKey }) {
  if (revoked_at) return <Tag tone="bad">{t("portal.key.revoked", { time: dateTime(revoked_at) })}</Tag>;
  if (previous_until && Date.parse(previous_until) > Date.now()) {
    return <Tag tone="warn">{t("portal.key.grace", { time: dateTime(previous_until) })}</Tag>;
  }
  return null;
}

const Facts = ({ apiKey }: { apiKey: ApiKey }) => (
  <div className={`${styles.facts} numeric`}>
    <span>{t("portal.key.rate", { rate: count(apiKey.rate_per_second), burst: count(apiKey.burst) })}</span>
    {apiKey.daily_quota > 0 && <span>{t("portal.key.quota", { count: apiKey.daily_quota })}</span>}
    <span>{apiKey.last_used_at ? t("portal.key.used", { time: dateTime(apiKey.last_used_at) }) : t("portal.key.unused")}</span>
  </div>
);

/** Seconds. */
const GRACES = [0, 3600, 86400, 604800] as const;

/** A new secret; the old one may work on while it is being replaced everywhere. */
function Rotate({ apiKey, opened, onClose, onSecret }: Omit<KeyRowProps, "mayChange"> & { opened: boolean; onClose: () => void }) {
  const [grace, setGrace] = useState<string>(String(86400));
  const rotating = useChange(() => rotateKey(apiKey.id, Number(grace)), {
    touches: PORTAL,
    onSuccess: (made) => {
      onClose();
      onSecret(made);
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title={t("portal.key.rotate.title", { name: apiKey.name })} centered>
      <Text c="var(--ink-2)" mb="md" lh={1.5}>
        {t("portal.key.rotate.text")}
      </Text>
      <Select
        label={t("portal.key.rotate.grace")}
        data={GRACES.map((seconds) => ({ value: String(seconds), label: t(`portal.grace.${seconds}`) }))}
        value={grace}
        onChange={(value) => value && setGrace(value)}
        allowDeselect={false}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button loading={rotating.isPending} onClick={() => rotating.mutate()}>
          {t("portal.key.rotate")}
        </Button>
      </Group>
    </Modal>
  );
}
