import { Button, Modal, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Failure } from "../components/Failure";
import { Page } from "../components/Page";
import { Splash } from "../components/Splash";
import { t } from "../i18n";
import { useChange } from "../platform/useChange";
import { appsOf, createApp, keysOf, mayManageApps, PORTAL, type App, type Team } from "./api";
import { AppCard } from "./AppCard";
import { FirstCall } from "./FirstCall";
import { Members } from "./Members";
import styles from "./Portal.module.css";
import { RequestProduction } from "./RequestProduction";

/** A team: its apps and their keys, the first call, and who is in it. */
export function TeamPage({ team }: { team: Team }) {
  const apps = useQuery(appsOf(team.id));
  const [adding, setAdding] = useState(false);
  const first = apps.data?.items[0];
  return (
    <Page
      title={team.name}
      hint={t(team.environment === "sandbox" ? "portal.sandbox.hint" : "portal.production.hint", { role: t(`portal.role.${team.role}`) })}
      actions={<RequestProduction team={team} />}
    >
      <section>
        <div className={styles.head}>
          <h2 className={styles.title}>{t("portal.apps")}</h2>
          {mayManageApps(team) && (
            <Button size="xs" variant="default" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
              {t("portal.app.add")}
            </Button>
          )}
        </div>
        {apps.isPending && <Splash />}
        {apps.isError && <Failure error={apps.error} onRetry={() => void apps.refetch()} />}
        {apps.data?.items.map((app) => <AppCard key={app.id} app={app} mayChange={mayManageApps(team)} />)}
      </section>
      {first && <FirstCallOf app={first} team={team} />}
      <Members team={team} />
      <NewApp team={team} opened={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}

function FirstCallOf({ app, team }: { app: App; team: Team }) {
  const keys = useQuery(keysOf(app.id));
  const usable = keys.data?.items.find((key) => key.revoked_at === null);
  return <FirstCall environment={team.environment} keyId={usable?.id ?? null} />;
}

function NewApp({ team, opened, onClose }: { team: Team; opened: boolean; onClose: () => void }) {
  const [name, setName] = useState("");
  const adding = useChange(() => createApp(team.id, name.trim()), {
    touches: PORTAL,
    onSuccess: () => {
      setName("");
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) adding.mutate();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t("portal.app.add")} centered>
      <form onSubmit={submit}>
        <TextInput label={t("details.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        <Button type="submit" mt="md" fullWidth loading={adding.isPending} disabled={!name.trim()}>
          {t("action.add")}
        </Button>
      </form>
    </Modal>
  );
}
