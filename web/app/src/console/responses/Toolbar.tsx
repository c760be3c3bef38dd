import { Select, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { t } from "../../i18n";
import styles from "./ListPage.module.css";
import type { Narrowing } from "./narrowing";

interface ToolbarProps {
  narrowing: Narrowing;
  onChange: (narrowing: Narrowing) => void;
  folders: string[];
  filters: string[];
  count: number;
  /** Until all of it is here, the count grows. */
  isComplete: boolean;
}

/** Which of the responses one wants to see. */
export function Toolbar({ narrowing, onChange, folders, filters, count, isComplete }: ToolbarProps) {
  const set = (part: Partial<Narrowing>) => onChange({ ...narrowing, ...part });
  return (
    <div className={styles.tools}>
      <TextInput
        className={styles.search}
        type="search"
        aria-label={t("responses.search")}
        placeholder={t("responses.search")}
        leftSection={<IconSearch size={16} />}
        value={narrowing.words}
        onChange={(event) => set({ words: event.currentTarget.value })}
      />
      <Select
        aria-label={t("responses.folder")}
        placeholder={t("responses.folder.all")}
        data={folders}
        value={narrowing.folder}
        onChange={(folder) => set({ folder })}
        clearable
        searchable
        limit={200}
        className={styles.choice}
      />
      <Select
        aria-label={t("responses.filters")}
        placeholder={t("responses.filters.all")}
        data={filters}
        value={narrowing.filter}
        onChange={(filter) => set({ filter })}
        clearable
        searchable
        limit={200}
        className={styles.choice}
      />
      <span className={styles.count} role="status" aria-busy={!isComplete}>
        {t("responses.count", { count })}
        {!isComplete && "…"}
      </span>
    </div>
  );
}
