import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Secret } from "../components/Secret";
import { t } from "../i18n";
import { useChange } from "../platform/useChange";
import { approvePromotion, declinePromotion, PORTAL, promotions, type Approved, type Promotion, type Team } from "./api";
import styles from "./Portal.module.css";

/** What waits for an administrator's decision. */
export function PromotionRequests({ teams }: { teams: readonly Team[] }) {
  const requests = useQuery(promotions);
  const [approved, setApproved] = useState<Approved | null>(null);
  const waiting = requests.data?.items.filter((one) => one.state === "requested") ?? [];
  return (
    <>
      {waiting.length > 0 && (
        <div className={styles.notice}>
          {waiting.map((one) => (
            <Request
              key={one.id}
              request={one}
              team={teams.find((team) => team.id === one.sandbox_team_id)?.name ?? t("portal.sandbox")}
              onApproved={setApproved}
            />
          ))}
        </div>
      )}
      <Modal opened={approved !== null} onClose={() => setApproved(null)} title={t("portal.promotion.approved")} closeOnClickOutside={false} centered size="lg">
        {approved && (
          <Stack gap="sm">
            <Text c="var(--ink-2)">{t("portal.secret.hint")}</Text>
            {approved.password && <Secret label={approved.promotion.admin_email} value={approved.password} />}
            <Secret label={t("portal.key.id")} value={approved.key.key.id} />
            <Secret label={t("portal.key.secret")} value={approved.key.secret} />
            <Button onClick={() => setApproved(null)}>{t("portal.secret.done")}</Button>
          </Stack>
        )}
      </Modal>
    </>
  );
}

interface RequestProps {
  request: Promotion;
  team: string;
  onApproved: (approved: Approved) => void;
}

function Request({ request, team, onApproved }: RequestProps) {
  const approving = useChange(() => approvePromotion(request.id), { touches: PORTAL, onSuccess: onApproved });
  const declining = useChange(() => declinePromotion(request.id), { touches: PORTAL });
  return (
    <div className={styles.request}>
      <span>{t("portal.promotion.request", { who: request.requested_by, team, admin: request.admin_email })}</span>
      <Group gap="xs">
        <Button size="xs" variant="default" loading={declining.isPending} onClick={() => declining.mutate()}>
          {t("portal.promotion.decline")}
        </Button>
        <Button size="xs" loading={approving.isPending} onClick={() => approving.mutate()}>
          {t("portal.promotion.approve")}
        </Button>
      </Group>
    </div>
  );
}
