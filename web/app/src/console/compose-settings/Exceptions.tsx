import { ActionIcon, Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPencil, IconUserPlus, IconUserX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Empty } from "../../components/Empty";
import { Sheet } from "../../components/Sheet";
import sheet from "../../components/Sheet.module.css";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { EXCEPTIONS, fetchExceptions, NAMES, removeException, setException, SWITCHES, type Exceptional } from "./api";
import { choiceOf, ExceptionDialog } from "./ExceptionDialog";
import { Awaited, Section } from "./Section";

/** Agents for whom something differs from what holds for all. */
export function Exceptions() {
  const [edited, setEdited] = useState<Exceptional | "new" | null>(null);
  const exceptions = useQuery({ queryKey: EXCEPTIONS, queryFn: ({ signal }) => fetchExceptions(signal) });
  return (
    <Section
      title={t("help.exceptions")}
      hint={t("help.exceptions.hint")}
      actions={
        <Button variant="default" leftSection={<IconUserPlus size={17} />} onClick={() => setEdited("new")}>
          {t("help.exceptions.add")}
        </Button>
      }
    >
      {exceptions.data ? <Listed items={exceptions.data.items} onEdit={setEdited} /> : <Awaited query={exceptions} />}
      {edited !== null && <ExceptionDialog edited={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </Section>
  );
}

function Listed({ items, onEdit }: { items: readonly Exceptional[]; onEdit: (one: Exceptional) => void }) {
  if (items.length === 0) return <Empty icon={<IconUserX size={24} />} title={t("help.exceptions.none")} />;
  return (
    <Sheet label={t("help.exceptions")} stacks>
      <thead>
        <tr>
          <th scope="col">{t("metrics.agent")}</th>
          {SWITCHES.map((one) => (
            <th key={one} scope="col" style={{ whiteSpace: "normal" }}>
              {t(`help.${NAMES[one]}`)}
            </th>
          ))}
          <th scope="col" className={sheet.end}>
            <span className="said">{t("people.actions")}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <Row key={one.agentId} exceptional={one} onEdit={() => onEdit(one)} />
        ))}
      </tbody>
    </Sheet>
  );
}

function Row({ exceptional, onEdit }: { exceptional: Exceptional; onEdit: () => void }) {
  const { agentId, own } = exceptional;
  const restoring = useChange(() => setException(agentId, own), { touches: EXCEPTIONS });
  const removing = useChange(() => removeException(agentId), {
    touches: EXCEPTIONS,
    onSuccess: () => {
      const id = `composer-${agentId}`;
      const undo = () => {
        notifications.hide(id);
        restoring.mutate();
      };
      notifications.show({
        id,
        message: (
          <>
            {t("help.exceptions.removed", { agent: agentId })}{" "}
            <Button variant="subtle" size="compact-sm" onClick={undo}>
              {t("help.undo")}
            </Button>
          </>
        ),
      });
    },
  });
  const edit = t("help.exceptions.edit", { agent: agentId });
  const remove = t("help.exceptions.remove", { agent: agentId });
  return (
    <tr>
      <td className={sheet.main}>{agentId}</td>
      {SWITCHES.map((one) => (
        <td key={one} className={own[one] === null ? sheet.soft : undefined} data-label={t(`help.${NAMES[one]}`)}>
          {t(`help.choice.${choiceOf(own[one])}`)}
        </td>
      ))}
      <td className={sheet.end}>
        <ActionIcon variant="subtle" color="gray" aria-label={edit} onClick={onEdit}>
          <IconPencil size={17} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={remove} loading={removing.isPending} onClick={() => removing.mutate()}>
          <IconUserX size={17} />
        </ActionIcon>
      </td>
    </tr>
  );
}
