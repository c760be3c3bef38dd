import { Button, Menu, Text } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { t } from "../../i18n";
import { useKnownInserts } from "./useKnownInserts";

/** What may be put into a text to be filled in from the conversation. */
export function InsertMenu({ onChoose }: { onChoose: (name: string) => void }) {
  const { inserts } = useKnownInserts();
  return (
    <Menu position="bottom-end" width={300} shadow="md" radius="md">
      <Menu.Target>
        <Button variant="default" size="compact-sm" leftSection={<IconBraces size={15} />} style={{ flex: "none" }}>
          {t("responses.insert")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
        {inserts.map(({ key, label, example }) => (
          <Menu.Item key={key} onClick={() => onChoose(key)}>
            <Text ff="monospace" fz={13} fw={550}>
              {`{${key}}`}
            </Text>
            <Text fz={12.5} c="var(--ink-3)">
              {example ? t("responses.insert.example", { label, example }) : label}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
