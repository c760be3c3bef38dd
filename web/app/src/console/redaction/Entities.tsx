import { Checkbox, TextInput, Tooltip } from "@mantine/core";
import { IconLock, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { memo, useDeferredValue, useState } from "react";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { Sheet } from "../../components/Sheet";
import sheet from "../../components/Sheet.module.css";
import { Splash } from "../../components/Splash";
import { Toggle } from "../../components/Toggle";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { ENTITIES, fetchEntities, POLICIES, switchPolicy, type Entity, type Policy } from "./api";

/** The kinds of sensitive text, and where each is hidden. */
export function Entities() {
  const [search, setSearch] = useState("");
  const [onlyActive, setOnlyActive] = useState(false);
  const words = useDeferredValue(search.trim().toLocaleLowerCase());
  const entities = useQuery({ queryKey: ENTITIES, queryFn: ({ signal }) => fetchEntities(signal) });
  if (entities.isPending) return <Splash />;
  if (entities.isError) return <Failure error={entities.error} onRetry={() => void entities.refetch()} />;
  const shown = entities.data.items.filter((one) => has(one, words) && (!onlyActive || isActive(one)));
  return (
    <>
      <div className={sheet.filters}>
        <TextInput
          className={sheet.search}
          aria-label={t("redaction.search")}
          placeholder={t("redaction.search")}
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Checkbox
          label={t("redaction.active")}
          checked={onlyActive}
          onChange={(event) => setOnlyActive(event.currentTarget.checked)}
          style={{ alignSelf: "center" }}
        />
      </div>
      {shown.length === 0 ? (
        <Empty icon={<IconSearch size={24} />} title={t("redaction.none")} />
      ) : (
        <Sheet label={t("redaction.entities")}>
          <thead>
            <tr>
              <th scope="col">{t("redaction.entity")}</th>
              {POLICIES.map((policy) => (
                <th key={policy} scope="col">
                  <Tooltip label={t(`redaction.policy.${policy}.hint`)} withArrow multiline w={220}>
                    <span tabIndex={0}>{t(`redaction.policy.${policy}`)}</span>
                  </Tooltip>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((entity) => (
              <EntityRow key={entity.id} entity={entity} />
            ))}
          </tbody>
        </Sheet>
      )}
    </>
  );
}

const EntityRow = memo(function EntityRow({ entity }: { entity: Entity }) {
  const switching = useChange((policies: Partial<Record<Policy, boolean>>) => switchPolicy(entity.id, policies), {
    touches: ENTITIES,
  });
  const asked = switching.isPending ? switching.variables : {};
  return (
    <tr>
      <td style={{ minWidth: 220 }}>
        <div className={sheet.main}>
          {entity.name}
          {entity.locked && (
            <Tooltip label={t("redaction.locked")} withArrow multiline w={260}>
              <IconLock size={15} tabIndex={0} role="img" aria-label={t("redaction.locked")} style={{ marginInlineStart: 6, verticalAlign: -2 }} />
            </Tooltip>
          )}
        </div>
        <div className={sheet.sub}>{entity.description}</div>
      </td>
      {POLICIES.map((policy) => (
        <td key={policy}>
          <Toggle
            isOn={asked[policy] ?? entity.policies[policy]}
            label={t("redaction.switch", { entity: entity.name, policy: t(`redaction.policy.${policy}`) })}
            disabled={entity.locked}
            onChange={(on) => switching.mutate({ [policy]: on })}
          />
        </td>
      ))}
    </tr>
  );
});

const has = ({ name, description }: Entity, words: string): boolean =>
  !words || name.toLocaleLowerCase().includes(words) || description.toLocaleLowerCase().includes(words);

const isActive = ({ policies }: Entity): boolean => POLICIES.some((policy) => policies[policy]);
