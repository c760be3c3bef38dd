import { Button } from "@mantine/core";
import { IconArrowLeft, IconListDetails } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { Empty } from "../../components/Empty";
import { NotFound } from "../../components/NotFound";
import { Page } from "../../components/Page";
import { Tag } from "../../components/Tag";
import { t } from "../../i18n";
import { useTitle } from "../../platform/useTitle";
import type { MetadataKey } from "./api";
import styles from "./Dictionary.module.css";
import { KeyDialog } from "./KeyDialog";
import { RowMenu } from "./RowMenu";

/** One filter, and all that it may be. */
export function FilterPage({ name, filters }: { name: string; filters: readonly MetadataKey[] }) {
  const [, go] = useLocation();
  const [isEditing, setIsEditing] = useState(false);
  const entry = filters.find(({ key }) => key === name);
  useTitle(name);
  if (!entry) return <NotFound />;
  return (
    <Page
      title={entry.key}
      hint={[entry.label, t("dictionary.used", { count: entry.uses })].filter(Boolean).join(" · ")}
      actions={
        <>
          <RowMenu entry={entry} onEdit={() => setIsEditing(true)} onRemoved={() => go("/console/dictionary")} />
          <Button component={Link} href="/console/dictionary" variant="default" leftSection={<IconArrowLeft size={17} />}>
            {t("dictionary.back")}
          </Button>
        </>
      }
    >
      <section aria-label={t("dictionary.values")}>
        <h2 className={styles.title}>{t("dictionary.values")}</h2>
        <p className={styles.hint}>{t("dictionary.values.page")}</p>
        {entry.values.length === 0 ? (
          <Empty icon={<IconListDetails size={24} />} title={t("dictionary.values.none")} hint={t("dictionary.values.none.hint")} />
        ) : (
          <ul className={styles.values} style={{ marginTop: 12 }}>
            {entry.values.map((value) => (
              <li key={value}>
                <Tag>{value}</Tag>
              </li>
            ))}
          </ul>
        )}
      </section>
      <KeyDialog editing={isEditing ? entry : null} onClose={() => setIsEditing(false)} />
    </Page>
  );
}
