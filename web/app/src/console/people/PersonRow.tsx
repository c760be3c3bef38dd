import { ActionIcon, Menu, NumberInput, Select } from "@mantine/core";
import { IconDots, IconKey, IconLockOpen, IconTrash, IconUserCheck, IconUserOff } from "@tabler/icons-react";
import { useState } from "react";
import { Confirm } from "../../components/Confirm";
import { Face } from "../../components/Face";
import sheet from "../../components/Sheet.module.css";
import { Tag } from "../../components/Tag";
import { t } from "../../i18n";
import { clockTime } from "../../i18n/format";
import type { PersonRole } from "../../platform/types";
import { useChange } from "../../platform/useChange";
import { useSession } from "../../session/SessionContext";
import { act, change, PEOPLE, remove, resetPassword, ROLES, type Employee, type Invited } from "./api";

interface PersonRowProps {
  person: Employee;
  onPassword: (invited: Invited) => void;
}

export function PersonRow({ person, onPassword }: PersonRowProps) {
  const isMe = useSession().person.id === person.id;
  const update = useChange((body: { role?: PersonRole; slots?: number }) => change(person.id, body), { touches: PEOPLE });
  const serves = person.role === "agent" || person.role === "supervisor";
  return (
    <tr>
      <td>
        <div className={sheet.who}>
          <Face name={person.name} size={34} />
          <div>
            <div className={sheet.main}>{person.name}</div>
            <div className={sheet.sub}>{person.email}</div>
          </div>
        </div>
      </td>
      <td>
        <Select
          aria-label={t("people.role.of", { name: person.name })}
          data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          value={update.isPending && update.variables.role ? update.variables.role : person.role}
          onChange={(role) => role && update.mutate({ role: role as PersonRole })}
          allowDeselect={false}
          disabled={isMe}
          size="xs"
          w={150}
        />
      </td>
      <td>
        {serves && (
          <NumberInput
            key={person.slots}
            aria-label={t("people.slots.of", { name: person.name })}
            defaultValue={person.slots}
            min={0}
            max={50}
            allowDecimal={false}
            onBlur={(event) => {
              const slots = Number(event.currentTarget.value);
              if (event.currentTarget.value !== "" && slots !== person.slots) update.mutate({ slots });
            }}
            size="xs"
            w={72}
          />
        )}
      </td>
      <td>
        <State person={person} />
      </td>
      <td className={sheet.end}>
        <Actions person={person} isMe={isMe} onPassword={onPassword} />
      </td>
    </tr>
  );
}

function State({ person }: { person: Employee }) {
  if (!person.enabled) return <Tag tone="bad">{t("people.disabled")}</Tag>;
  if (person.locked_until) {
    return <Tag tone="warn">{t("people.locked", { time: clockTime(person.locked_until) })}</Tag>;
  }
  if (person.must_change_password) return <Tag>{t("people.invited")}</Tag>;
  return <Tag tone="good">{t("people.enabled")}</Tag>;
}

function Actions({ person, isMe, onPassword }: PersonRowProps & { isMe: boolean }) {
  const [asking, setAsking] = useState<"remove" | "reset" | null>(null);
  const doing = useChange((action: "disable" | "enable" | "unlock") => act(person.id, action), { touches: PEOPLE });
  const removing = useChange(() => remove(person.id), { touches: PEOPLE, isQuiet: true });
  const resetting = useChange(() => resetPassword(person.id), { touches: PEOPLE, onSuccess: onPassword, isQuiet: true });
  const { name } = person;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t("people.actions.of", { name })} loading={doing.isPending}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {person.locked_until && (
            <Menu.Item leftSection={<IconLockOpen size={16} />} onClick={() => doing.mutate("unlock")}>
              {t("people.unlock")}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setAsking("reset")}>
            {t("people.reset")}
          </Menu.Item>
          {person.enabled ? (
            <Menu.Item leftSection={<IconUserOff size={16} />} disabled={isMe} onClick={() => doing.mutate("disable")}>
              {t("people.disable")}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconUserCheck size={16} />} onClick={() => doing.mutate("enable")}>
              {t("people.enable")}
            </Menu.Item>
          )}
          <Menu.Item c="var(--bad)" leftSection={<IconTrash size={16} />} disabled={isMe} onClick={() => setAsking("remove")}>
            {t("people.remove")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asking === "remove"}
        title={t("people.remove.title", { name })}
        label={t("people.remove")}
        onConfirm={() => removing.mutateAsync()}
        onClose={() => setAsking(null)}
      >
        {t("people.remove.text")}
      </Confirm>
      <Confirm
        opened={asking === "reset"}
        title={t("people.reset.title", { name })}
        label={t("people.reset")}
        onConfirm={() => resetting.mutateAsync()}
        onClose={() => setAsking(null)}
      >
        {t("people.reset.text")}
      </Confirm>
    </>
  );
}
