import { Button, Menu, Select, TextInput } from "@mantine/core";
import { IconDownload, IconFileSpreadsheet, IconFileTypeCsv } from "@tabler/icons-react";
import { t } from "../../i18n";
import { exportAddress, LISTS, type Metrics, type Wanted } from "./api";
import { agentName, daysBefore, queueName } from "./figures";
import styles from "./Metrics.module.css";

const PERIODS = [7, 30, 90];
/** Stands in a list for the name that is empty. */
const EMPTY = "\u0000";

interface FiltersProps {
  wanted: Wanted;
  shown: Metrics | undefined;
  /** Everybody who can be chosen, whatever is chosen now. */
  all: Metrics | undefined;
  onChange: (change: Partial<Wanted>) => void;
}

/** Which days, whose messages, from which queue and list. */
export function Filters({ wanted, shown, all, onChange }: FiltersProps) {
  const since = wanted.since ?? shown?.since ?? "";
  const until = wanted.until ?? shown?.until ?? "";
  const period = PERIODS.find((days) => until !== "" && since === daysBefore(until, days - 1));
  return (
    <div className={styles.filters}>
      <Select
        label={t("metrics.period")}
        data={PERIODS.map((days) => ({ value: String(days), label: t("metrics.period.days", { n: days }) }))}
        value={period === undefined ? null : String(period)}
        placeholder={`${since} – ${until}`}
        allowDeselect={false}
        onChange={(days) => until && onChange({ since: daysBefore(until, Number(days) - 1), until })}
      />
      <TextInput
        type="date"
        label={t("metrics.since")}
        value={since}
        max={until}
        onChange={(event) => event.currentTarget.value && onChange({ since: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t("metrics.until")}
        value={until}
        min={since}
        onChange={(event) => event.currentTarget.value && onChange({ until: event.currentTarget.value })}
      />
      <Choice
        label={t("metrics.agent")}
        all={t("metrics.agent.all")}
        options={(all?.agents ?? []).map((one) => ({ value: one.key, label: agentName(one) }))}
        value={wanted.agent}
        onChange={(agent) => onChange({ agent })}
      />
      <Choice
        label={t("metrics.queue")}
        all={t("metrics.queue.all")}
        options={(all?.queues ?? []).map((one) => ({ value: one.key, label: queueName(one) }))}
        value={wanted.queue}
        onChange={(queue) => onChange({ queue })}
      />
      <Choice
        label={t("metrics.list")}
        all={t("metrics.list.all")}
        options={LISTS.map((list) => ({ value: list, label: t(`metrics.list.${list}`) }))}
        value={wanted.list}
        onChange={(list) => onChange({ list })}
      />
    </div>
  );
}

interface ChoiceProps {
  label: string;
  all: string;
  options: { value: string; label: string }[];
  value: string | null;
  onChange: (value: string | null) => void;
}

const Choice = ({ label, all, options, value, onChange }: ChoiceProps) => (
  <Select
    label={label}
    placeholder={all}
    data={options.map((option) => ({ ...option, value: option.value || EMPTY }))}
    value={value === "" ? EMPTY : value}
    onChange={(chosen) => onChange(chosen === EMPTY ? "" : chosen)}
    searchable
    clearable
  />
);

/** The same figures as a file. */
export const Download = ({ wanted }: { wanted: Wanted }) => (
  <Menu position="bottom-end" withinPortal>
    <Menu.Target>
      <Button variant="default" leftSection={<IconDownload size={17} />}>
        {t("metrics.export")}
      </Button>
    </Menu.Target>
    <Menu.Dropdown>
      <Menu.Item component="a" href={exportAddress(wanted, "csv")} download leftSection={<IconFileTypeCsv size={17} />}>
        {t("metrics.csv")}
      </Menu.Item>
      <Menu.Item component="a" href={exportAddress(wanted, "xlsx")} download leftSection={<IconFileSpreadsheet size={17} />}>
        {t("metrics.xlsx")}
      </Menu.Item>
    </Menu.Dropdown>
  </Menu>
);
