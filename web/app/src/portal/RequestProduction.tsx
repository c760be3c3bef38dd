import { Button, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { explain } from "../components/Failure";
import { Tag } from "../components/Tag";
import { t } from "../i18n";
import { useChange } from "../platform/useChange";
import { mayManageMembers, PORTAL, promotions, requestPromotion, type Team } from "./api";

/** From the sandbox to production: an owner asks, an administrator decides (PLT-155). */
export function RequestProduction({ team }: { team: Team }) {
  const [asking, setAsking] = useState(false);
  const requests = useQuery(promotions);
  if (team.environment === "production") return <Tag tone="warn">{t("portal.production")}</Tag>;
  const state = requests.data?.items.findLast((one) => one.sandbox_team_id === team.id)?.state;
  if (state === "requested") return <Tag tone="accent">{t("portal.promotion.waits")}</Tag>;
  if (!mayManageMembers(team)) return <Tag>{t("portal.sandbox")}</Tag>;
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t("portal.promotion.ask")}
      </Button>
      <Ask team={team} opened={asking} onClose={() => setAsking(false)} />
    </>
  );
}

function Ask({ team, opened, onClose }: { team: Team; opened: boolean; onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const asking = useChange(() => requestPromotion(team.id, { admin_email: email.trim(), admin_name: name.trim() }), {
    touches: PORTAL,
    isQuiet: true,
    onSuccess: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim()) asking.mutate();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t("portal.promotion.ask")} centered>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Text c="var(--ink-2)" lh={1.5}>
            {t("portal.promotion.hint")}
          </Text>
          <TextInput
            label={t("portal.promotion.email")}
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={asking.isError && explain(asking.error)}
            data-autofocus
          />
          <TextInput label={t("details.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <Button type="submit" mt="xs" loading={asking.isPending} disabled={!email.trim()}>
            {t("portal.promotion.send")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
