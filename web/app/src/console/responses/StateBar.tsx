import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconBulb, IconCloudUpload, IconDotsVertical, IconHistory, IconRocket, IconRotate2 } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { Confirm } from "../../components/Confirm";
import { Tag } from "../../components/Tag";
import { t } from "../../i18n";
import { dateTime } from "../../i18n/format";
import { useChange } from "../../platform/useChange";
import { discardDraft, LIST, type Environment, type ListState } from "./api";
import { DeployDialog } from "./DeployDialog";
import { SaveDialog } from "./SaveDialog";
import styles from "./StateBar.module.css";

interface StateBarProps {
  state: ListState;
  revision: number;
  /** Deletes what waits to be undone: what is saved must be what one sees. */
  settle: () => Promise<void>;
}

const ENVIRONMENTS = ["sandbox", "production"] as const satisfies readonly Environment[];

/** How the draft stands, what is live where, and what can be done about it. */
export function StateBar({ state, revision, settle }: StateBarProps) {
  const [dialog, setDialog] = useState<"save" | "discard" | "deploy" | null>(null);
  const discarding = useChange(discardDraft, { touches: LIST, isQuiet: true });
  const open = (which: typeof dialog) => void settle().then(() => setDialog(which));
  const { latest, deployed } = state;
  const isUnsaved = state.state === "unsaved";
  return (
    <div className={styles.bar}>
      <div className={styles.state} role="status">
        <Tag tone={isUnsaved ? "warn" : "plain"}>{t(`responses.state.${state.state}`)}</Tag>
        {isUnsaved && <span>{changesText(state.changes)}</span>}
        {!isUnsaved && latest && (
          <span>
            {t("responses.saved.by", { number: latest.number, author: latest.author, time: dateTime(latest.createdAt) })}
          </span>
        )}
        {state.waiting > 0 && <span className={styles.waiting}>{t("responses.waiting", { count: state.waiting })}</span>}
      </div>
      <div className={styles.live}>
        {ENVIRONMENTS.map((environment) => {
          const version = deployed[environment];
          const tone = environment === "production" ? "good" : "accent";
          return version ? (
            <Link key={environment} href={`/console/responses/versions/${version.id}`} className={styles.version}>
              <Tag tone={tone}>{t(`responses.live.${environment}`, { number: version.number })}</Tag>
            </Link>
          ) : (
            <Tag key={environment}>{t(`responses.live.${environment}.none`)}</Tag>
          );
        })}
      </div>
      <div className={styles.acts}>
        <Button leftSection={<IconCloudUpload size={17} />} disabled={!isUnsaved} onClick={() => open("save")}>
          {t("responses.save")}
        </Button>
        <Button variant="default" leftSection={<IconRocket size={17} />} disabled={!latest} onClick={() => open("deploy")}>
          {t("responses.deploy")}
        </Button>
        <Menu position="bottom-end" width={240} shadow="md" radius="md">
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label={t("responses.more")}>
              <IconDotsVertical size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item component={Link} href="/console/responses/versions" leftSection={<IconHistory size={17} />}>
              {t("responses.versions")}
            </Menu.Item>
            <Menu.Item component={Link} href="/console/responses/proposals" leftSection={<IconBulb size={17} />}>
              {t("proposals.title")}
            </Menu.Item>
            <Menu.Item leftSection={<IconRotate2 size={17} />} disabled={!isUnsaved} onClick={() => open("discard")}>
              {t("responses.discard")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <SaveDialog opened={dialog === "save"} state={state} revision={revision} onClose={() => setDialog(null)} />
      <DeployDialog opened={dialog === "deploy"} state={state} onClose={() => setDialog(null)} />
      <Confirm
        opened={dialog === "discard"}
        title={t("responses.discard.title")}
        label={t("responses.discard")}
        onConfirm={() => discarding.mutateAsync(revision)}
        onClose={() => setDialog(null)}
      >
        {t("responses.discard.text", { changes: changesText(state.changes) })}
      </Confirm>
    </div>
  );
}

/** "3 added, 1 changed": what is none is not said. */
export function changesText(changes: ListState["changes"]): string {
  const told = (["added", "changed", "removed"] as const)
    .filter((kind) => changes[kind] > 0)
    .map((kind) => t(`responses.changes.${kind}`, { count: changes[kind] }));
  return told.length > 0 ? told.join(", ") : t("responses.changes.none");
}
