import { IconApi, IconExternalLink, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { Empty } from "../components/Empty";
import { Failure } from "../components/Failure";
import { NotFound } from "../components/NotFound";
import { Splash } from "../components/Splash";
import { Tag } from "../components/Tag";
import styles from "../console/Console.module.css";
import { t } from "../i18n";
import { useTitle } from "../platform/useTitle";
import { useSession } from "../session/SessionContext";
import { quickstart, teams, type Team } from "./api";
import portal from "./Portal.module.css";
import { PromotionRequests } from "./PromotionRequests";
import { TeamPage } from "./TeamPage";

/** What developers need: their teams' apps and keys, and how to make the first call. */
export default function Portal() {
  const [path] = useLocation();
  const mine = useQuery(teams);
  const start = useQuery(quickstart);
  const isAdministrator = useSession().person.role === "administrator";
  useTitle(t("nav.portal"));
  if (mine.isPending) return <Splash />;
  if (mine.isError) return <Failure error={mine.error} onRetry={() => void mine.refetch()} />;
  const all = mine.data.items;
  const wanted = /^\/portal\/teams\/([^/]+)/.exec(path)?.[1];
  const team = wanted ? all.find((one) => one.id === wanted) : all[0];
  return (
    <div className={styles.console}>
      <nav className={styles.nav} aria-label={t("portal.teams")}>
        {all.map((one) => (
          <TeamLink key={one.id} team={one} isHere={one === team} />
        ))}
        <a className={styles.link} href={start.data?.schema_path ?? "/schema"} target="_blank" rel="noreferrer">
          <IconApi size={18} aria-hidden="true" />
          {t("portal.reference")}
          <IconExternalLink size={14} aria-hidden="true" className={portal.outside} />
        </a>
      </nav>
      <div className={styles.body}>
        {isAdministrator && <PromotionRequests teams={all} />}
        {team ? (
          <TeamPage key={team.id} team={team} />
        ) : wanted ? (
          <NotFound />
        ) : (
          <Empty icon={<IconUsersGroup size={24} />} title={t("portal.none")} hint={t("portal.none.hint")} />
        )}
      </div>
    </div>
  );
}

const TeamLink = ({ team, isHere }: { team: Team; isHere: boolean }) => (
  <Link href={`/portal/teams/${team.id}`} className={styles.link} aria-current={isHere ? "page" : undefined}>
    <IconUsersGroup size={18} aria-hidden="true" />
    <span className={`${portal.team} truncate`}>{team.name}</span>
    {team.environment === "production" && <Tag tone="warn">{t("portal.live")}</Tag>}
  </Link>
);
