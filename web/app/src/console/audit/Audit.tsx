import { ActionIcon, Button, Select, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconDownload, IconHistory, IconSearch, IconSortAscending, IconSortDescending } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { Page } from "../../components/Page";
import { Sheet } from "../../components/Sheet";
import sheet from "../../components/Sheet.module.css";
import { Splash } from "../../components/Splash";
import { Tag } from "../../components/Tag";
import { t, type Key } from "../../i18n";
import { dateTime } from "../../i18n/format";
import { call } from "../../platform/http";
import { useTitle } from "../../platform/useTitle";

interface AuditEntry {
  id: string;
  at: string;
  user: string;
  event_type: string;
  resource_type: string;
  resource_name: string;
  resource_id: string | null;
  environment: string | null;
}

const EVENTS = ["create", "update", "delete", "deploy", "undeploy", "export", "sign_in"] as const;
const RESOURCES = ["person", "password", "team", "team_member", "app", "api_key", "redaction_entity", "redaction_rule", "global_responses", "metadata_key", "company", "single_sign_on", "audit_log"];
const TONES: Readonly<Record<string, "good" | "bad" | "accent">> = { create: "good", delete: "bad", deploy: "accent" };

interface Filters {
  search: string;
  event_type: string | null;
  resource_type: string | null;
  since: string;
  until: string;
  order: "newest" | "oldest";
}

const ALL: Filters = { search: "", event_type: null, resource_type: null, since: "", until: "", order: "newest" };

/** Who changed what and when: kept for ever, for administrators. */
export default function Audit() {
  const [filters, setFilters] = useState(ALL);
  const [search] = useDebouncedValue(filters.search.trim(), 300);
  const query = wire({ ...filters, search });
  useTitle(t("console.audit"));
  const entries = useInfiniteQuery({
    queryKey: ["audit", query],
    queryFn: ({ pageParam, signal }) =>
      call<{ items: AuditEntry[]; nextCursor: string | null }>("/console/v1/audit", {
        query: { ...query, limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const rows = entries.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t("console.audit")} hint={t("audit.hint")}>
      <FilterBar filters={filters} onChange={setFilters} download={exportAddress(query)} />
      {entries.isPending ? (
        <Splash />
      ) : entries.isError ? (
        <Failure error={entries.error} onRetry={() => void entries.refetch()} />
      ) : rows.length === 0 ? (
        <Empty icon={<IconHistory size={24} />} title={t("audit.none")} hint={t("audit.none.hint")} />
      ) : (
        <Entries
          rows={rows}
          order={filters.order}
          onOrder={() => setFilters({ ...filters, order: filters.order === "newest" ? "oldest" : "newest" })}
        />
      )}
      {entries.hasNextPage && (
        <Button variant="default" mt="md" loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
          {t("action.more")}
        </Button>
      )}
    </Page>
  );
}

interface FilterBarProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
  download: string;
}

function FilterBar({ filters, onChange, download }: FilterBarProps) {
  const set = (part: Partial<Filters>) => onChange({ ...filters, ...part });
  return (
    <div className={sheet.filters}>
      <Select
        aria-label={t("audit.event")}
        placeholder={t("audit.event.all")}
        data={EVENTS.map((value) => ({ value, label: t(`audit.event.${value}`) }))}
        value={filters.event_type}
        onChange={(event_type) => set({ event_type })}
        clearable
        w={160}
      />
      <Select
        aria-label={t("audit.resource")}
        placeholder={t("audit.resource.all")}
        data={RESOURCES.map((value) => ({ value, label: resourceName(value) }))}
        value={filters.resource_type}
        onChange={(resource_type) => set({ resource_type })}
        clearable
        w={180}
      />
      <TextInput aria-label={t("audit.since")} type="date" value={filters.since} onChange={(event) => set({ since: event.currentTarget.value })} />
      <TextInput aria-label={t("audit.until")} type="date" value={filters.until} onChange={(event) => set({ until: event.currentTarget.value })} />
      <TextInput
        className={sheet.search}
        ml="auto"
        aria-label={t("audit.search")}
        placeholder={t("audit.search")}
        leftSection={<IconSearch size={16} />}
        value={filters.search}
        onChange={(event) => set({ search: event.currentTarget.value })}
      />
      <ActionIcon component="a" href={download} download variant="default" size={36} aria-label={t("audit.download")} title={t("audit.download")}>
        <IconDownload size={18} />
      </ActionIcon>
    </div>
  );
}

function Entries({ rows, order, onOrder }: { rows: AuditEntry[]; order: Filters["order"]; onOrder: () => void }) {
  const Arrow = order === "newest" ? IconSortDescending : IconSortAscending;
  return (
    <Sheet label={t("console.audit")}>
      <thead>
        <tr>
          <th scope="col" aria-sort={order === "newest" ? "descending" : "ascending"}>
            <UnstyledButton fz="inherit" fw="inherit" onClick={onOrder} style={{ display: "flex", gap: 6, alignItems: "center" }}>
              {t("audit.at")} <Arrow size={15} aria-hidden="true" />
            </UnstyledButton>
          </th>
          <th scope="col">{t("audit.user")}</th>
          <th scope="col">{t("audit.event")}</th>
          <th scope="col">{t("audit.resource")}</th>
          <th scope="col">{t("audit.name")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((entry) => (
          <tr key={entry.id}>
            <td className="numeric" style={{ whiteSpace: "nowrap" }}>
              {dateTime(entry.at)}
            </td>
            <td>{entry.user}</td>
            <td>
              <Tag tone={TONES[entry.event_type] ?? "plain"}>{eventName(entry.event_type)}</Tag>
            </td>
            <td className={sheet.soft}>{resourceName(entry.resource_type)}</td>
            <td>
              {entry.resource_name}
              {entry.environment && <span className={sheet.sub}> · {entry.environment}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </Sheet>
  );
}

const resourceName = (type: string): string => type.replaceAll("_", " ").replace(/^api\b/, "API").replace(/^./, (first) => first.toUpperCase());

const eventName = (type: string): string =>
  (EVENTS as readonly string[]).includes(type) ? t(`audit.event.${type}` as Key) : type;

/** Days are the reader's own: from the first moment of one to the last of the other. */
function wire({ since, until, ...rest }: Filters) {
  return { ...rest, since: moment(since, 0), until: moment(until, 1) };
}

function moment(day: string, later: number): string | null {
  if (!day) return null;
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + later);
  return at.toISOString();
}

function exportAddress(query: Record<string, string | null>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => !!pair[1]);
  return `/console/v1/audit.csv?${new URLSearchParams(given).toString()}`;
}
