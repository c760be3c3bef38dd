import { ActionIcon, Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Face } from "../components/Face";
import { explain, Failure } from "../components/Failure";
import { Secret } from "../components/Secret";
import { Sheet } from "../components/Sheet";
import sheet from "../components/Sheet.module.css";
import { Tag } from "../components/Tag";
import { t } from "../i18n";
import { useChange } from "../platform/useChange";
import { addMember, changeMember, mayManageMembers, membersOf, PORTAL, removeMember, type Member, type Team, type TeamRole } from "./api";
import styles from "./Portal.module.css";

const ROLES: readonly TeamRole[] = ["owner", "app_admin", "viewer"];
const choices = () => ROLES.map((value) => ({ value, label: t(`portal.role.${value}`) }));

/** Who is in a team, changed by its owners. */
export function Members({ team }: { team: Team }) {
  const members = useQuery(membersOf(team.id));
  const [adding, setAdding] = useState(false);
  return (
    <section className={styles.section}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t("portal.members")}</h2>
        {mayManageMembers(team) && (
          <Button size="xs" variant="default" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
            {t("portal.member.add")}
          </Button>
        )}
      </div>
      {members.isError ? (
        <Failure error={members.error} onRetry={() => void members.refetch()} />
      ) : (
        <Sheet label={t("portal.members")}>
          <tbody>
            {members.data?.items.map((member) => <MemberRow key={member.person_id} team={team} member={member} />)}
          </tbody>
        </Sheet>
      )}
      <AddMember team={team} opened={adding} onClose={() => setAdding(false)} />
    </section>
  );
}

function MemberRow({ team, member }: { team: Team; member: Member }) {
  const changing = useChange((role: TeamRole) => changeMember(team.id, member.person_id, role), { touches: PORTAL });
  const removing = useChange(() => removeMember(team.id, member.person_id), { touches: PORTAL });
  const { name } = member;
  return (
    <tr>
      <td>
        <div className={sheet.who}>
          <Face name={name} size={34} />
          <div>
            <div className={sheet.main}>{name}</div>
            <div className={sheet.sub}>{member.email}</div>
          </div>
        </div>
      </td>
      <td className={sheet.end}>
        {mayManageMembers(team) ? (
          <Group gap="xs" wrap="nowrap" justify="flex-end">
            <Select
              aria-label={t("people.role.of", { name })}
              size="xs"
              w={140}
              data={choices()}
              value={changing.isPending ? changing.variables : member.role}
              onChange={(role) => role && changing.mutate(role as TeamRole)}
              allowDeselect={false}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("portal.member.remove", { name })}
              loading={removing.isPending}
              onClick={() => removing.mutate()}
            >
              <IconTrash size={17} />
            </ActionIcon>
          </Group>
        ) : (
          <Tag>{t(`portal.role.${member.role}`)}</Tag>
        )}
      </td>
    </tr>
  );
}

function AddMember({ team, opened, onClose }: { team: Team; opened: boolean; onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<TeamRole>("viewer");
  const [password, setPassword] = useState<string | null>(null);
  const close = () => {
    setEmail("");
    setName("");
    setPassword(null);
    adding.reset();
    onClose();
  };
  const adding = useChange(() => addMember(team.id, { email: email.trim(), name: name.trim(), role }), {
    touches: PORTAL,
    isQuiet: true,
    onSuccess: (added) => (added.password ? setPassword(added.password) : close()),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (/^\S+@\S+$/.test(email.trim())) adding.mutate();
  };
  return (
    <Modal opened={opened} onClose={close} title={t("portal.member.add")} centered>
      {password ? (
        <Stack gap="sm">
          <Text c="var(--ink-2)">{t("people.passwords.hint")}</Text>
          <Secret label={email} value={password} />
          <Button onClick={close}>{t("action.done")}</Button>
        </Stack>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="sm">
            <TextInput
              label={t("signIn.email")}
              description={t("portal.member.hint")}
              type="email"
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
              error={adding.isError && explain(adding.error)}
              data-autofocus
            />
            <TextInput label={t("details.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
            <Select
              label={t("people.role")}
              data={choices()}
              value={role}
              onChange={(value) => value && setRole(value as TeamRole)}
              allowDeselect={false}
            />
            <Button type="submit" mt="xs" loading={adding.isPending} disabled={!email.trim()}>
              {t("action.add")}
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
