import { ActionIcon, Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBan, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { Page } from "../../components/Page";
import { Sheet } from "../../components/Sheet";
import sheet from "../../components/Sheet.module.css";
import { Splash } from "../../components/Splash";
import { Tag } from "../../components/Tag";
import { t } from "../../i18n";
import { dateTime } from "../../i18n/format";
import { useChange } from "../../platform/useChange";
import { useTitle } from "../../platform/useTitle";
import { addTerm, BLOCKLIST, fetchTerms, removeTerm, type Term } from "./api";
import styles from "./Blocklist.module.css";
import { TermForm } from "./TermForm";
import { TryOut } from "./TryOut";

/** What must not be sent: the company's own words beside the built-in list (CMP-086). */
export default function Blocklist() {
  useTitle(t("console.blocklist"));
  const terms = useQuery({ queryKey: [...BLOCKLIST, "terms"], queryFn: ({ signal }) => fetchTerms(signal) });
  return (
    <Page title={t("console.blocklist")} hint={t("blocklist.hint")}>
      <TermForm />
      {terms.isPending ? (
        <Splash />
      ) : terms.isError ? (
        <Failure error={terms.error} onRetry={() => void terms.refetch()} />
      ) : terms.data.items.length === 0 ? (
        <Empty icon={<IconBan size={24} />} title={t("blocklist.none")} hint={t("blocklist.none.hint")} />
      ) : (
        <Terms items={terms.data.items} />
      )}
      <TryOut />
    </Page>
  );
}

function Terms({ items }: { items: readonly Term[] }) {
  return (
    <Sheet label={t("blocklist.own")}>
      <thead>
        <tr>
          <th scope="col">{t("blocklist.term")}</th>
          <th scope="col">{t("blocklist.kind")}</th>
          <th scope="col" className={styles.extra}>
            {t("blocklist.author")}
          </th>
          <th scope="col" className={styles.extra}>
            {t("blocklist.when")}
          </th>
          <th scope="col">
            <span className="said">{t("responses.acts")}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((term) => (
          <TermRow key={term.id} term={term} />
        ))}
      </tbody>
    </Sheet>
  );
}

function TermRow({ term: { id, term, blocked, author, createdAt } }: { term: Term }) {
  const restoring = useChange(() => addTerm(term, blocked), { touches: BLOCKLIST });
  const removing = useChange(() => removeTerm(id), {
    touches: BLOCKLIST,
    onSuccess: () => offerUndo(id, term, () => restoring.mutate()),
  });
  return (
    <tr>
      <td className={`${sheet.main} ${styles.word}`}>{term}</td>
      <td>
        <Tag tone={blocked ? "bad" : "good"}>{blocked ? t("blocklist.blocked") : t("blocklist.allowed")}</Tag>
      </td>
      <td className={`${sheet.soft} ${styles.extra}`}>{author}</td>
      <td className={`${sheet.soft} ${styles.extra}`} style={{ whiteSpace: "nowrap" }}>
        {dateTime(createdAt)}
      </td>
      <td className={sheet.end}>
        <ActionIcon variant="subtle" color="gray" loading={removing.isPending} aria-label={t("blocklist.remove", { term })} onClick={() => removing.mutate()}>
          <IconTrash size={17} />
        </ActionIcon>
      </td>
    </tr>
  );
}

function offerUndo(id: string, term: string, undo: () => void) {
  const offer = `blocklist-${id}`;
  notifications.show({
    id: offer,
    autoClose: 8_000,
    message: (
      <Group justify="space-between" wrap="nowrap">
        {t("blocklist.removed", { term })}
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => {
            notifications.hide(offer);
            undo();
          }}
        >
          {t("action.undo")}
        </Button>
      </Group>
    ),
  });
}
