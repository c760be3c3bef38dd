import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link, Route, Switch } from "wouter";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { NotFound } from "../../components/NotFound";
import { Page } from "../../components/Page";
import { Sheet } from "../../components/Sheet";
import sheet from "../../components/Sheet.module.css";
import { Splash } from "../../components/Splash";
import { Tag } from "../../components/Tag";
import { t } from "../../i18n";
import { count } from "../../i18n/format";
import { useTitle } from "../../platform/useTitle";
import { DICTIONARY, fetchDictionary, type Dictionary as Known, type KeyKind, type MetadataKey } from "./api";
import { KeyDialog } from "./KeyDialog";
import { FilterPage } from "./FilterPage";
import { RowMenu } from "./RowMenu";
import styles from "./Dictionary.module.css";

/** What texts may insert, and what responses are filtered by (CMP-203..205). */
export default function Dictionary() {
  const known = useQuery({ queryKey: DICTIONARY, queryFn: ({ signal }) => fetchDictionary(signal) });
  if (known.isPending) return <Splash />;
  if (known.isError) return <Failure error={known.error} onRetry={() => void known.refetch()} />;
  const { data } = known;
  return (
    <Switch>
      <Route path="/console/dictionary">
        <Lists {...data} />
      </Route>
      <Route path="/console/dictionary/filters/:key">{({ key }) => <FilterPage name={decodeURIComponent(key)} filters={data.filters} />}</Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}

function Lists({ inserts, filters }: Known) {
  const [dialog, setDialog] = useState<KeyKind | MetadataKey | null>(null);
  useTitle(t("console.dictionary"));
  return (
    <Page title={t("console.dictionary")} hint={t("dictionary.hint")}>
      <Part kind="insert" onAdd={() => setDialog("insert")}>
        <Sheet label={t("dictionary.inserts")} stacks>
          <Heads names={["key", "label", "example", "uses"]} />
          <tbody>
            {inserts.map((one) => (
              <tr key={one.key}>
                <td>
                  <code className={styles.key}>{`{${one.key}}`}</code> {one.isDefault && <Tag>{t("dictionary.default")}</Tag>}
                </td>
                <td>{one.label}</td>
                <td className={sheet.soft} data-label={t("dictionary.example")}>
                  {one.example}
                </td>
                <td className="numeric" data-label={t("dictionary.uses")}>
                  {count(one.uses)}
                </td>
                <td className={sheet.end}>
                  <RowMenu entry={one} onEdit={() => setDialog(one)} />
                </td>
              </tr>
            ))}
          </tbody>
        </Sheet>
      </Part>
      <Part kind="filter" onAdd={() => setDialog("filter")}>
        {filters.length === 0 ? (
          <Empty icon={<IconPlus size={24} />} title={t("dictionary.filters.none")} hint={t("dictionary.filters.none.hint")} />
        ) : (
          <Sheet label={t("dictionary.filters")} stacks>
            <Heads names={["key", "label", "values", "uses"]} />
            <tbody>
              {filters.map((one) => (
                <tr key={one.key}>
                  <td>
                    <Link href={`/console/dictionary/filters/${encodeURIComponent(one.key)}`} className={styles.link}>
                      {one.key}
                    </Link>{" "}
                    {one.id === null && <Tag tone="warn">{t("dictionary.unlisted")}</Tag>}
                  </td>
                  <td>{one.label}</td>
                  <td className={sheet.soft}>{t("dictionary.values.count", { count: one.values.length })}</td>
                  <td className="numeric" data-label={t("dictionary.uses")}>
                    {count(one.uses)}
                  </td>
                  <td className={sheet.end}>
                    <RowMenu entry={one} onEdit={() => setDialog(one)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </Sheet>
        )}
      </Part>
      <KeyDialog editing={dialog} onClose={() => setDialog(null)} />
    </Page>
  );
}

function Heads({ names }: { names: readonly ("key" | "label" | "example" | "values" | "uses")[] }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name} scope="col">
            {t(`dictionary.${name}`)}
          </th>
        ))}
        <th scope="col">
          <span className="said">{t("responses.acts")}</span>
        </th>
      </tr>
    </thead>
  );
}

function Part({ kind, onAdd, children }: { kind: KeyKind; onAdd: () => void; children: ReactNode }) {
  return (
    <section className={styles.part} aria-label={t(`dictionary.${kind}s`)}>
      <header className={styles.header}>
        <div>
          <h2 className={styles.title}>{t(`dictionary.${kind}s`)}</h2>
          <p className={styles.hint}>{t(`dictionary.${kind}s.hint`)}</p>
        </div>
        <Button variant="default" leftSection={<IconPlus size={17} />} onClick={onAdd}>
          {t(`dictionary.add.${kind}`)}
        </Button>
      </header>
      {children}
    </section>
  );
}
