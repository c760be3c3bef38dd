import { Button, Group, Modal, Radio, Select, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { deployVersion, fetchDifferences, fetchVersionRows, fetchVersions, LIST, undeploy, VERSIONS, type Differences, type Environment, type ListState, type Version } from "./api";
import { changesText } from "./StateBar";

interface DeployDialogProps {
  opened: boolean;
  state: ListState;
  /** The version one came with; else the latest. */
  version?: Version;
  onClose: () => void;
}

/** Which version an environment uses, after one has seen what that changes. */
export const DeployDialog = ({ opened, onClose, ...rest }: DeployDialogProps) => (
  <Modal opened={opened} onClose={onClose} title={t("responses.deploy.title")} centered size="lg">
    <Choice onClose={onClose} {...rest} />
  </Modal>
);

const NOTHING = "";

function Choice({ state, version, onClose }: Omit<DeployDialogProps, "opened">) {
  const [environment, setEnvironment] = useState<Environment>("sandbox");
  const [picked, setPicked] = useState<string | null>(version?.id ?? null);
  // What was saved a moment ago may become known only now.
  const chosen = picked ?? state.latest?.id ?? NOTHING;
  const versions = useQuery({ queryKey: [...VERSIONS, "first"], queryFn: ({ signal }) => fetchVersions(null, signal) });
  const live = state.deployed[environment];
  const known = [...(version ? [version] : []), ...(versions.data?.items ?? []), ...(state.latest ? [state.latest] : [])];
  const options = [...new Map(known.map((one) => [one.id, one])).values()].sort((a, b) => b.number - a.number);
  const isRemoval = chosen === NOTHING;
  const isLive = isRemoval ? !live : live?.id === chosen;
  const deploying = useChange(() => (isRemoval ? undeploy(environment) : deployVersion(environment, chosen)), {
    touches: LIST,
    isQuiet: true,
    onSuccess: () => {
      notifications.show({ message: t(isRemoval ? "responses.undeployed" : "responses.deployed"), color: "teal" });
      onClose();
    },
  });
  return (
    <Stack gap="md">
      <Radio.Group label={t("responses.deploy.where")} value={environment} onChange={(value) => setEnvironment(value as Environment)}>
        <Stack gap="xs" mt={6}>
          <Radio value="sandbox" label={t("responses.testing")} description={t("responses.testing.hint")} />
          <Radio value="production" label={t("responses.production")} description={t("responses.production.hint")} />
        </Stack>
      </Radio.Group>
      <Select
        label={t("responses.version")}
        data={[...options.map((one) => ({ value: one.id, label: nameOf(one) })), ...(live ? [{ value: NOTHING, label: t("responses.deploy.nothing") }] : [])]}
        value={chosen}
        onChange={(value) => setPicked(value ?? NOTHING)}
        allowDeselect={false}
        comboboxProps={{ position: "bottom" }}
      />
      <Effect live={live} next={isRemoval ? null : chosen} isLive={isLive} />
      {deploying.isError && (
        <Text c="var(--bad)" role="alert">
          {explain(deploying.error)}
        </Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button color={isRemoval ? "red.8" : undefined} loading={deploying.isPending} disabled={isLive} onClick={() => deploying.mutate()}>
          {t(isRemoval ? `responses.undeploy.${environment}` : `responses.deploy.${environment}`)}
        </Button>
      </Group>
    </Stack>
  );
}

export const nameOf = ({ number, description }: Version): string =>
  description ? t("responses.version.named", { number, description }) : t("responses.version.number", { number });

/** What agents would notice. */
function Effect({ live, next, isLive }: { live: Version | null; next: string | null; isLive: boolean }) {
  const found = useDifferences(live?.id, next ?? undefined);
  if (isLive) return <Text role="status">{t(live ? "responses.deploy.isLive" : "responses.deploy.isNone")}</Text>;
  const effect = (): string => {
    if (next === null) return t("responses.undeploy.effect");
    if (live === null) return t("responses.deploy.first");
    return found.data ? t("responses.deploy.effect", { changes: changesText(countsOf(found.data)) }) : t("responses.deploy.comparing");
  };
  if (found.isError) return <Text role="alert" c="var(--bad)">{explain(found.error)}</Text>;
  return (
    <Text role="status" lh={1.5}>
      {effect()}
    </Text>
  );
}

/** What a version says otherwise than another; both never change. */
export function useDifferences(from: string | undefined, to: string | undefined) {
  return useQuery({
    queryKey: ["response-differences", from, to],
    queryFn: ({ signal }) => fetchDifferences(from!, to!, signal),
    enabled: from !== undefined && to !== undefined && from !== to,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const countsOf = ({ added, changed, removed }: Differences) => ({ added: added.length, changed: changed.length, removed: removed.length });

export function useRows(version: string) {
  return useQuery({
    queryKey: ["response-version", version],
    queryFn: ({ signal }) => fetchVersionRows(version, signal),
    // A version never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}
