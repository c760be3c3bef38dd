import { Button } from "@mantine/core";
import { IconArrowLeft, IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { Page } from "../../components/Page";
import { Sheet } from "../../components/Sheet";
import sheet from "../../components/Sheet.module.css";
import { Splash } from "../../components/Splash";
import { Tag } from "../../components/Tag";
import { t } from "../../i18n";
import { count, dateTime } from "../../i18n/format";
import { useTitle } from "../../platform/useTitle";
import { fetchVersions, VERSIONS, type Version } from "./api";

/** What the list was before, version by version. */
export function VersionsPage() {
  useTitle(t("responses.versions"));
  const versions = useInfiniteQuery({
    queryKey: VERSIONS,
    queryFn: ({ pageParam, signal }) => fetchVersions(pageParam, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
  });
  const rows = versions.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t("responses.versions")} hint={t("responses.versions.hint")} actions={<Back />}>
      {versions.isPending ? (
        <Splash />
      ) : versions.isError ? (
        <Failure error={versions.error} onRetry={() => void versions.refetch()} />
      ) : rows.length === 0 ? (
        <Empty icon={<IconHistory size={24} />} title={t("responses.versions.none")} hint={t("responses.versions.none.hint")} />
      ) : (
        <Versions rows={rows} />
      )}
      {versions.hasNextPage && (
        <Button variant="default" mt="md" loading={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
          {t("action.more")}
        </Button>
      )}
    </Page>
  );
}

export const Back = () => (
  <Button component={Link} href="/console/responses" variant="default" leftSection={<IconArrowLeft size={17} />}>
    {t("responses.back")}
  </Button>
);

const Versions = ({ rows }: { rows: Version[] }) => (
  <Sheet label={t("responses.versions")} stacks>
    <thead>
      <tr>
        <th scope="col">{t("responses.version")}</th>
        <th scope="col">{t("responses.description")}</th>
        <th scope="col">{t("responses.responses")}</th>
        <th scope="col">{t("responses.version.author")}</th>
        <th scope="col">{t("responses.version.time")}</th>
      </tr>
    </thead>
    <tbody>
      {rows.map((version) => (
        <tr key={version.id}>
          <td style={{ whiteSpace: "nowrap" }}>
            <Link href={`/console/responses/versions/${version.id}`} className={sheet.main} style={{ color: "var(--accent-ink)", marginInlineEnd: 8 }}>
              {t("responses.version.number", { number: version.number })}
            </Link>
            <LiveTags version={version} />
          </td>
          <td>
            {version.description || <span className={sheet.sub}>{t("responses.description.none")}</span>}
            {version.origin !== "save" && <span className={sheet.sub}> · {originText(version.origin)}</span>}
          </td>
          <td className="numeric" data-label={t("responses.responses")}>
            {count(version.count)}
          </td>
          <td data-label={t("responses.version.author")}>{version.author}</td>
          <td className="numeric" style={{ whiteSpace: "nowrap" }} data-label={t("responses.version.time")}>
            {dateTime(version.createdAt)}
          </td>
        </tr>
      ))}
    </tbody>
  </Sheet>
);

export const LiveTags = ({ version }: { version: Version }) => (
  <>
    {version.deployedTo.map((environment) => (
      <Tag key={environment} tone={environment === "production" ? "good" : "accent"}>
        {t(`responses.live.in.${environment}`)}
      </Tag>
    ))}
  </>
);

const ORIGINS = ["upload", "restore", "proposal"] as const;

const originText = (origin: string): string => {
  const known = ORIGINS.find((one) => one === origin);
  return known ? t(`responses.origin.${known}`) : origin;
};
