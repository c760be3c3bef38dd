import { Button, Group, Stack, Switch, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { explain, Failure } from "../../components/Failure";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { fetchGreetings, fetchGreetingStatus, storeGreetings, storeGreetingStatus, type Greetings } from "./api";
import { Loading } from "./GlobalTab";
import styles from "./Panel.module.css";

const GREETINGS = ["compose", "greetings"] as const;
const STATUS = ["compose", "greetings", "status"] as const;

/** Whether a new conversation is greeted for the agent, and with which words. */
export function AutopilotTab() {
  const greetings = useQuery({ queryKey: [...GREETINGS, "texts"], queryFn: ({ signal }) => fetchGreetings(signal) });
  const status = useQuery({ queryKey: STATUS, queryFn: ({ signal }) => fetchGreetingStatus(signal) });
  const failed = greetings.isError ? greetings : status.isError ? status : null;
  if (failed) {
    const retry = () => void Promise.all([greetings.refetch(), status.refetch()]);
    return <Failure error={failed.error} title={t("autopilot.failed")} onRetry={retry} />;
  }
  if (!greetings.data || !status.data) return <Loading />;
  return (
    <div className={styles.autopilot}>
      <OnOff isOn={status.data.enabled} />
      <Texts stored={greetings.data} />
    </div>
  );
}

function OnOff({ isOn }: { isOn: boolean }) {
  const client = useQueryClient();
  const change = useChange(storeGreetingStatus, {
    touches: STATUS,
    onSuccess: (answer) => client.setQueryData(STATUS, answer),
  });
  return (
    <Switch
      label={t("autopilot.title")}
      description={t("autopilot.hint")}
      checked={change.isPending ? change.variables : isOn}
      onChange={(event) => change.mutate(event.currentTarget.checked)}
    />
  );
}

function Texts({ stored }: { stored: Greetings }) {
  const client = useQueryClient();
  const [named, setNamed] = useState(stored.greetingCustomerName);
  const [generic, setGeneric] = useState(stored.greetingGeneric);
  const save = useChange(
    () => storeGreetings({ greetingGeneric: generic.trim(), greetingCustomerName: named.trim() }),
    {
      touches: [...GREETINGS, "texts"],
      isQuiet: true,
      onSuccess: (answer) => {
        client.setQueryData([...GREETINGS, "texts"], answer);
        notifications.show({ message: t("autopilot.saved") });
      },
    },
  );
  const isSame = named.trim() === stored.greetingCustomerName && generic.trim() === stored.greetingGeneric;
  const isWhole = named.trim() !== "" && generic.trim() !== "";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md">
        <Textarea
          label={t("autopilot.named")}
          description={t("autopilot.named.hint")}
          value={named}
          error={named.trim() ? undefined : t("customs.required")}
          onChange={(event) => setNamed(event.currentTarget.value)}
          autosize
          minRows={2}
        />
        <Textarea
          label={t("autopilot.generic")}
          value={generic}
          error={generic.trim() ? undefined : t("customs.required")}
          onChange={(event) => setGeneric(event.currentTarget.value)}
          autosize
          minRows={2}
        />
        {save.isError && (
          <Text c="var(--bad)" role="alert" size="sm">
            {explain(save.error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button type="submit" disabled={isSame || !isWhole} loading={save.isPending}>
            {t("action.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
