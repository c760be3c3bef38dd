import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { CopyText } from "../components/CopyText";
import { Failure } from "../components/Failure";
import { t, type Key } from "../i18n";
import { dateTime } from "../i18n/format";
import { call } from "../platform/http";
import type { ConversationDetail } from "../platform/types";
import styles from "./Details.module.css";

/** Who the customer is and what is known about the conversation. */
export function Details({ id }: { id: string }) {
  const detail = useQuery({
    queryKey: ["conversation", id],
    queryFn: ({ signal }) => call<ConversationDetail>(`/desk/v1/conversations/${id}`, { signal }),
  });
  if (detail.isPending) return <Loading />;
  if (detail.isError) return <Failure error={detail.error} onRetry={() => void detail.refetch()} />;
  const { customer, agent, channel, opened_at, metadata, notes } = detail.data;
  return (
    <div className={styles.details}>
      <Part title={t("details.customer")}>
        <dl className={styles.facts}>
          <Fact label={t("details.name")}>
            {customer.name ? <CopyText text={customer.name} what={t("details.name")} /> : t("talk.unknown")}
          </Fact>
          {customer.external_id && !isMadeUp(customer.external_id) && (
            <Fact label={t("details.external")}>
              <CopyText text={customer.external_id} what={t("details.external")} mono />
            </Fact>
          )}
          <Fact label={t("details.channel")}>{channelName(channel)}</Fact>
          <Fact label={t("details.opened")}>{dateTime(opened_at)}</Fact>
          <Fact label={t("details.agent")}>{agent?.name ?? t("details.agent.none")}</Fact>
          <Fact label={t("details.conversation")}>
            <CopyText text={id} what={t("details.conversation")} mono />
          </Fact>
        </dl>
      </Part>
      <Part title={t("details.metadata")}>
        {Object.keys(metadata).length === 0 ? (
          <p className={styles.none}>{t("details.metadata.none")}</p>
        ) : (
          <dl className={styles.facts}>
            {Object.entries(metadata).map(([key, value]) => (
              <Fact key={key} label={key}>
                <CopyText text={value} what={key} />
              </Fact>
            ))}
          </dl>
        )}
      </Part>
      <Part title={t("details.notes")}>
        {notes.length === 0 && <p className={styles.none}>{t("details.notes.none")}</p>}
        {notes.map((note) => (
          <div key={note.written_at + note.text} className={styles.note}>
            <div className={styles.by}>
              {note.author} · {dateTime(note.written_at)}
            </div>
            {note.text}
          </div>
        ))}
      </Part>
    </div>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className={styles.part}>
    <h2 className={styles.title}>{title}</h2>
    {children}
  </section>
);

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className={styles.fact}>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

/** A visitor nobody knows yet has a reference of ours, which says nothing. */
const isMadeUp = (reference: string): boolean => reference.startsWith("anonymous-");

const channelName = (channel: string): string =>
  channel === "web" || channel === "api" ? t(`details.channel.${channel}` as Key) : channel;

const Loading = () => (
  <div className={styles.details} aria-busy="true">
    {[70, 50, 80, 60, 40].map((width) => (
      <Skeleton key={width} height={12} width={`${width}%`} mt={18} />
    ))}
  </div>
);
