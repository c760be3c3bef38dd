import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { Page } from "../../components/Page";
import { Sheet } from "../../components/Sheet";
import sheet from "../../components/Sheet.module.css";
import { Splash } from "../../components/Splash";
import { t } from "../../i18n";
import { useTitle } from "../../platform/useTitle";
import { fetchPeople, PEOPLE, ROLES, type Invited } from "./api";
import { InviteDialog } from "./InviteDialog";
import { OneTimePasswords } from "./OneTimePasswords";
import { PersonRow } from "./PersonRow";

/** Who works here, as what, and how they get in. */
export default function People() {
  const [search, setSearch] = useState("");
  const [role, setRole] = useState<string | null>(null);
  const [inviting, setInviting] = useState(false);
  const [passwords, setPasswords] = useState<Invited[]>([]);
  const [q] = useDebouncedValue(search.trim(), 250);
  useTitle(t("console.people"));
  const people = useInfiniteQuery({
    queryKey: [...PEOPLE, q, role],
    queryFn: ({ pageParam, signal }) => fetchPeople(q, role, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
  const rows = people.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={t("console.people")}
      hint={t("people.hint")}
      actions={
        <Button leftSection={<IconUserPlus size={17} />} onClick={() => setInviting(true)}>
          {t("people.invite")}
        </Button>
      }
    >
      <div className={sheet.filters}>
        <TextInput
          className={sheet.search}
          aria-label={t("people.search")}
          placeholder={t("people.search")}
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Select
          aria-label={t("people.role")}
          placeholder={t("people.role.all")}
          data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          value={role}
          onChange={setRole}
          clearable
          w={180}
        />
      </div>
      {people.isPending ? (
        <Splash />
      ) : people.isError ? (
        <Failure error={people.error} onRetry={() => void people.refetch()} />
      ) : rows.length === 0 ? (
        <Empty icon={<IconUsers size={24} />} title={t("people.none")} />
      ) : (
        <Sheet label={t("console.people")}>
          <thead>
            <tr>
              <th scope="col">{t("people.person")}</th>
              <th scope="col">{t("people.role")}</th>
              <th scope="col">{t("people.slots")}</th>
              <th scope="col">{t("people.state")}</th>
              <th scope="col" className={sheet.end}>
                <span className="said">{t("people.actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((person) => (
              <PersonRow key={person.id} person={person} onPassword={(invited) => setPasswords([invited])} />
            ))}
          </tbody>
        </Sheet>
      )}
      {people.hasNextPage && (
        <Button variant="default" mt="md" loading={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
          {t("action.more")}
        </Button>
      )}
      <InviteDialog opened={inviting} onClose={() => setInviting(false)} onInvited={setPasswords} />
      <OneTimePasswords invited={passwords} onClose={() => setPasswords([])} />
    </Page>
  );
}
