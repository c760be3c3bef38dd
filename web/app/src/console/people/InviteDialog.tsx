import { ActionIcon, Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import type { PersonRole } from "../../platform/types";
import { useChange } from "../../platform/useChange";
import { invite, PEOPLE, ROLES, type Invitation, type Invited } from "./api";
import styles from "./InviteDialog.module.css";

interface InviteDialogProps {
  opened: boolean;
  onClose: () => void;
  onInvited: (invited: Invited[]) => void;
}

type Draft = Invitation & { key: number };

let keys = 0;
const blank = (): Draft => ({ key: ++keys, email: "", name: "", role: "agent" });

const isEmail = (text: string): boolean => /^[^@\s]+@[^@\s]+$/.test(text.trim());

/** One or several at once, all of them or none. */
export function InviteDialog({ opened, onClose, onInvited }: InviteDialogProps) {
  const [drafts, setDrafts] = useState<Draft[]>([blank()]);
  const [checked, setChecked] = useState(false);
  const close = () => {
    setDrafts([blank()]);
    setChecked(false);
    inviting.reset();
    onClose();
  };
  const inviting = useChange(invite, {
    touches: PEOPLE,
    isQuiet: true,
    onSuccess: ({ items }) => {
      close();
      onInvited(items);
    },
  });
  const edit = (key: number, part: Partial<Invitation>) =>
    setDrafts(drafts.map((draft) => (draft.key === key ? { ...draft, ...part } : draft)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (drafts.some(({ email, name }) => !isEmail(email) || !name.trim())) return;
    inviting.mutate(drafts.map(({ email, name, role }) => ({ email: email.trim(), name: name.trim(), role })));
  };
  return (
    <Modal opened={opened} onClose={close} title={t("people.invite")} size="xl" centered>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Text c="var(--ink-2)">{t("people.invite.hint")}</Text>
          {drafts.map((draft, index) => (
            <div key={draft.key} className={styles.row} role="group" aria-label={t("people.invite.person", { n: index + 1 })}>
              <TextInput
                label={t("signIn.email")}
                type="email"
                value={draft.email}
                onChange={(event) => edit(draft.key, { email: event.currentTarget.value })}
                error={checked && !isEmail(draft.email) && t("signIn.badEmail")}
                data-autofocus={index === drafts.length - 1 || undefined}
              />
              <TextInput
                label={t("details.name")}
                value={draft.name}
                onChange={(event) => edit(draft.key, { name: event.currentTarget.value })}
                error={checked && !draft.name.trim() && t("signIn.required")}
              />
              <Select
                label={t("people.role")}
                data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
                value={draft.role}
                onChange={(role) => role && edit(draft.key, { role: role as PersonRole })}
                allowDeselect={false}
              />
              <ActionIcon
                className={styles.remove}
                variant="subtle"
                color="gray"
                size={36}
                aria-label={t("people.invite.less", { n: index + 1 })}
                disabled={drafts.length === 1}
                onClick={() => setDrafts(drafts.filter(({ key }) => key !== draft.key))}
              >
                <IconTrash size={17} />
              </ActionIcon>
            </div>
          ))}
          {inviting.isError && (
            <Text c="var(--bad)" role="alert">
              {explain(inviting.error)}
            </Text>
          )}
          <Group justify="space-between" mt="xs">
            <Button variant="subtle" leftSection={<IconPlus size={16} />} onClick={() => setDrafts([...drafts, blank()])}>
              {t("people.invite.more")}
            </Button>
            <Group>
              <Button variant="default" onClick={close}>
                {t("action.cancel")}
              </Button>
              <Button type="submit" loading={inviting.isPending}>
                {t("people.invite.submit", { count: drafts.length })}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
