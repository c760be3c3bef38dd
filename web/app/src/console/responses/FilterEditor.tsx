import { ActionIcon, Autocomplete, Button, Fieldset, Stack, TagsInput, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { t } from "../../i18n";
import type { Condition } from "./api";
import styles from "./FilterEditor.module.css";
import { useKnownFilters } from "./useKnownInserts";

interface FilterEditorProps {
  filters: readonly Condition[];
  onChange: (filters: readonly Condition[]) => void;
}

/** When a response is suggested: every key must fit, and of its values any one. */
export function FilterEditor({ filters, onChange }: FilterEditorProps) {
  const known = useKnownFilters();
  const change = (at: number, part: Partial<Condition>) => onChange(filters.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <Fieldset variant="unstyled" legend={<b>{t("responses.filters")}</b>} styles={{ legend: { fontSize: 13, padding: 0 }, root: { margin: 0, padding: 0 } }}>
      <Text c="var(--ink-3)" fz="12.5px" mb={8}>
        {t("responses.filters.hint")}
      </Text>
      <Stack gap="xs">
        {filters.map(({ name, allowedValues }, index) => (
          <div key={index} className={styles.filter}>
            <Autocomplete
              aria-label={t("responses.filter.key", { n: index + 1 })}
              placeholder="queue_name"
              data={known.map(({ key }) => key)}
              value={name}
              maxLength={64}
              // A row that was just added is there to be written.
              autoFocus={name === "" && allowedValues.length === 0}
              onChange={(key) => change(index, { name: key.trim() })}
            />
            <TagsInput
              aria-label={t("responses.filter.values", { n: index + 1 })}
              placeholder={allowedValues.length === 0 ? t("responses.filter.values.hint") : undefined}
              data={known.find(({ key }) => key === name)?.values ?? []}
              value={allowedValues}
              onChange={(values) => change(index, { allowedValues: values })}
              acceptValueOnBlur
            />
            <ActionIcon variant="subtle" color="gray" size={36} aria-label={t("responses.filter.remove", { n: index + 1 })} onClick={() => onChange(filters.filter((_, at) => at !== index))}>
              <IconX size={17} />
            </ActionIcon>
          </div>
        ))}
        <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={15} />} style={{ alignSelf: "flex-start" }} disabled={filters.length >= 50} onClick={() => onChange([...filters, { name: "", allowedValues: [] }])}>
          {t("responses.filter.add")}
        </Button>
      </Stack>
    </Fieldset>
  );
}
