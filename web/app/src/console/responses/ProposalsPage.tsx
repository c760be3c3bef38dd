import { Button, Progress } from "@mantine/core";
import { IconBulb } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
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
import { useChange } from "../../platform/useChange";
import { useTitle } from "../../platform/useTitle";
import { askForProposal, fetchProposals, PROPOSALS, type Proposal } from "./proposals";
import { Back } from "./VersionsPage";

/** While one is worked at, so often one looks how far it is. */
const AGAIN_MS = 1_500;

/** What the company's own conversations suggest for its list. */
export function ProposalsPage() {
  useTitle(t("proposals.title"));
  const proposals = useQuery({
    queryKey: PROPOSALS,
    queryFn: ({ signal }) => fetchProposals(signal),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.some((one) => one.state === "working") ? AGAIN_MS : false),
  });
  const asking = useChange(askForProposal, { touches: PROPOSALS });
  const ask = (
    <Button leftSection={<IconBulb size={17} />} loading={asking.isPending} onClick={() => asking.mutate()}>
      {t("proposals.ask")}
    </Button>
  );
  return (
    <Page
      title={t("proposals.title")}
      hint={t("proposals.hint")}
      actions={
        <>
          <Back />
          {ask}
        </>
      }
    >
      {proposals.isPending ? (
        <Splash />
      ) : proposals.isError ? (
        <Failure error={proposals.error} onRetry={() => void proposals.refetch()} />
      ) : proposals.data.length === 0 ? (
        <Empty icon={<IconBulb size={24} />} title={t("proposals.none")} hint={t("proposals.none.hint")} />
      ) : (
        <Sheet label={t("proposals.title")} stacks>
          <thead>
            <tr>
              <th scope="col">{t("proposals.asked")}</th>
              <th scope="col">{t("proposals.state")}</th>
              <th scope="col">{t("proposals.from")}</th>
              <th scope="col">{t("responses.responses")}</th>
            </tr>
          </thead>
          <tbody>
            {proposals.data.map((one) => (
              <Row key={one.id} proposal={one} />
            ))}
          </tbody>
        </Sheet>
      )}
    </Page>
  );
}

const TONES = { working: "accent", ready: "good", failed: "bad" } as const;

function Row({ proposal }: { proposal: Proposal }) {
  const { id, state, done, conversations, askedAt, askedBy } = proposal;
  const time = dateTime(askedAt);
  return (
    <tr>
      <td>
        {state === "ready" ? (
          <Link href={`/console/responses/proposals/${id}`} className={sheet.main} style={{ color: "var(--accent-ink)" }}>
            {time}
          </Link>
        ) : (
          time
        )}
        <div className={sheet.sub}>{askedBy}</div>
      </td>
      <td>
        <Tag tone={TONES[state]}>{t(`proposals.state.${state}`)}</Tag>
        {state === "working" && <Progress mt={6} w={140} value={Math.max(4, done * 100)} animated striped aria-label={t("proposals.state.working")} />}
      </td>
      <td className={sheet.soft}>{t("models.conversations", { count: conversations })}</td>
      <td className="numeric" data-label={t("responses.responses")}>
        {count(proposal.count)}
      </td>
    </tr>
  );
}
