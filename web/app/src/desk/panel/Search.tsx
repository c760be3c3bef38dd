import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { t } from "../../i18n";

interface SearchProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

export const Search = ({ label, value, onChange }: SearchProps) => (
  <TextInput
    flex={1}
    size="sm"
    aria-label={label}
    placeholder={label}
    value={value}
    onChange={(event) => onChange(event.currentTarget.value)}
    leftSection={<IconSearch size={15} aria-hidden="true" />}
    rightSection={value ? <CloseButton size="sm" aria-label={t("action.clear")} onClick={() => onChange("")} /> : null}
  />
);
