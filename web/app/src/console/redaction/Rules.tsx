import { ActionIcon, Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChevronDown, IconChevronUp, IconPencil, IconPlus, IconRegex, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Confirm } from "../../components/Confirm";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import sheet from "../../components/Sheet.module.css";
import { Splash } from "../../components/Splash";
import { Tag } from "../../components/Tag";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { changeRule, deployRules, fetchRules, removeRule, RULES, type Environment, type Rule } from "./api";
import { RuleDialog } from "./RuleDialog";
import styles from "./Rules.module.css";

/** The company's own patterns, in the order they are applied (PLT-121..124). */
export function Rules() {
  const rules = useQuery({ queryKey: RULES, queryFn: ({ signal }) => fetchRules(signal) });
  const [editing, setEditing] = useState<Rule | "new" | null>(null);
  const [isSure, setIsSure] = useState(false);
  const deploying = useChange(deployRules, { touches: RULES, onSuccess: () => notifications.show({ message: t("redaction.deployed"), color: "teal" }) });
  if (rules.isPending) return <Splash />;
  if (rules.isError) return <Failure error={rules.error} onRetry={() => void rules.refetch()} />;
  const { items } = rules.data;
  const isBehind = (environment: Environment) => items.some((rule) => !rule[environment]);
  return (
    <>
      <div className={styles.bar}>
        <p className={styles.hint}>{t("redaction.rules.hint")}</p>
        <Group gap="xs">
          <Button variant="default" loading={deploying.isPending} onClick={() => deploying.mutate("sandbox")}>
            {t("redaction.deploy.sandbox")}
          </Button>
          <Button variant="default" disabled={isBehind("sandbox")} onClick={() => setIsSure(true)}>
            {t("redaction.deploy.production")}
          </Button>
          <Button leftSection={<IconPlus size={17} />} onClick={() => setEditing("new")}>
            {t("redaction.rule.add")}
          </Button>
        </Group>
      </div>
      {items.length === 0 ? (
        <Empty icon={<IconRegex size={24} />} title={t("redaction.rules.none")} hint={t("redaction.rules.none.hint")} />
      ) : (
        <ol className={`${sheet.sheet} ${styles.rules}`}>
          {items.map((rule, index) => (
            <RuleRow key={rule.id} rule={rule} index={index} count={items.length} onEdit={() => setEditing(rule)} />
          ))}
        </ol>
      )}
      <RuleDialog key={editing === null ? "closed" : editing === "new" ? "new" : editing.id} editing={editing} onClose={() => setEditing(null)} />
      <Confirm
        opened={isSure}
        title={t("redaction.deploy.title")}
        label={t("redaction.deploy.production")}
        onConfirm={() => deploying.mutateAsync("production")}
        onClose={() => setIsSure(false)}
      >
        {t("redaction.deploy.text", { count: items.length })}
      </Confirm>
    </>
  );
}

interface RuleRowProps {
  rule: Rule;
  index: number;
  count: number;
  onEdit: () => void;
}

function RuleRow({ rule, index, count, onEdit }: RuleRowProps) {
  const [isAsking, setIsAsking] = useState(false);
  const moving = useChange((position: number) => changeRule(rule.id, { position }), { touches: RULES });
  const removing = useChange(() => removeRule(rule.id), { touches: RULES, isQuiet: true });
  const { name } = rule;
  return (
    <li className={styles.rule}>
      <div className={styles.order}>
        <ActionIcon variant="subtle" color="gray" size="xs" disabled={index === 0} aria-label={t("redaction.rule.up", { name })} onClick={() => moving.mutate(index - 1)}>
          <IconChevronUp size={15} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" size="xs" disabled={index === count - 1} aria-label={t("redaction.rule.down", { name })} onClick={() => moving.mutate(index + 1)}>
          <IconChevronDown size={15} />
        </ActionIcon>
      </div>
      <div className={styles.words}>
        <div className={sheet.main}>{name}</div>
        <div className={styles.pattern}>{rule.pattern}</div>
      </div>
      <div className={styles.tags}>
        {rule.sandbox && <Tag tone="accent">{t("portal.sandbox")}</Tag>}
        {rule.production && <Tag tone="good">{t("portal.production")}</Tag>}
        {!rule.sandbox && <Tag>{t("redaction.draft")}</Tag>}
      </div>
      <ActionIcon variant="subtle" color="gray" aria-label={t("redaction.rule.edit", { name })} onClick={onEdit}>
        <IconPencil size={17} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={t("redaction.rule.remove", { name })} onClick={() => setIsAsking(true)}>
        <IconTrash size={17} />
      </ActionIcon>
      <Confirm
        opened={isAsking}
        title={t("redaction.rule.remove", { name })}
        label={t("action.delete")}
        onConfirm={() => removing.mutateAsync()}
        onClose={() => setIsAsking(false)}
      >
        {t("redaction.rule.remove.text")}
      </Confirm>
    </li>
  );
}
