import { Select } from "@mantine/core";
import { IconEqual } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { Splash } from "../../components/Splash";
import { Tag } from "../../components/Tag";
import { t } from "../../i18n";
import { fetchVersions, VERSIONS, type Differences as Found, type ResponseRow, type Version } from "./api";
import styles from "./Compare.module.css";
import { countsOf, nameOf, useDifferences } from "./DeployDialog";
import { changesText } from "./StateBar";
import { Words } from "./Words";

/** What a version says otherwise than another, side by side. */
export function Compare({ version }: { version: Version }) {
  const versions = useQuery({ queryKey: [...VERSIONS, "first"], queryFn: ({ signal }) => fetchVersions(null, signal) });
  const others = (versions.data?.items ?? []).filter(({ id }) => id !== version.id);
  const [chosen, setChosen] = useState<string | null>(null);
  const other = others.find(({ id }) => id === chosen) ?? others.find(({ number }) => number < version.number) ?? others[0];
  if (versions.isError) return <Failure error={versions.error} onRetry={() => void versions.refetch()} />;
  if (versions.isPending) return <Splash />;
  if (!other) return <p role="status">{t("responses.compare.alone")}</p>;
  const isOlder = other.number < version.number;
  return (
    <>
      <div className={styles.tools}>
        <Select
          label={t("responses.compare.with")}
          data={others.map((one) => ({ value: one.id, label: nameOf(one) }))}
          value={other.id}
          onChange={setChosen}
          allowDeselect={false}
          w={320}
        />
      </div>
      {isOlder ? <Differences before={other} after={version} /> : <Differences before={version} after={other} />}
    </>
  );
}

/** How tall a row is until it has been measured, in pixels. */
const ROW = 80;

function Differences({ before, after }: { before: Version; after: Version }) {
  const scroller = useRef<HTMLDivElement>(null);
  const compared = useDifferences(before.id, after.id);
  const found = useMemo(() => (compared.data ? inOneList(compared.data) : []), [compared.data]);
  const virtual = useVirtualizer({ count: found.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 6 });
  if (compared.isError) return <Failure error={compared.error} onRetry={() => void compared.refetch()} />;
  if (!compared.data) return <Splash />;
  if (found.length === 0) return <Empty icon={<IconEqual size={24} />} title={t("responses.compare.same", { older: before.number, newer: after.number })} />;
  return (
    <>
      <p className={styles.summary} role="status">
        {t("responses.compare.summary", { older: before.number, newer: after.number, changes: changesText(countsOf(compared.data)) })}
      </p>
      <div ref={scroller} className={styles.frame} tabIndex={0} role="region" aria-label={t("responses.view.compare")}>
        <div className={styles.heads} aria-hidden="true">
          <span />
          <span>{numberOf(before)}</span>
          <span>{numberOf(after)}</span>
        </div>
        <ul className={styles.rows} style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const one = found[index]!;
            return (
              <li key={one.id} ref={virtual.measureElement} data-index={index} className={styles.row} style={{ transform: `translateY(${start}px)` }}>
                <Changed one={one} names={{ before: numberOf(before), after: numberOf(after) }} />
              </li>
            );
          })}
        </ul>
      </div>
    </>
  );
}

interface Difference {
  id: string;
  kind: "added" | "changed" | "removed";
  before: ResponseRow | null;
  after: ResponseRow | null;
}

const inOneList = ({ added, changed, removed }: Found): Difference[] => [
  ...changed.map(({ before, after }) => ({ id: after.id, kind: "changed" as const, before, after })),
  ...added.map((after) => ({ id: after.id, kind: "added" as const, before: null, after })),
  ...removed.map((before) => ({ id: before.id, kind: "removed" as const, before, after: null })),
];

const TONES = { added: "good", changed: "accent", removed: "bad" } as const;

const numberOf = ({ number }: Version): string => t("responses.version.number", { number });

type Side = "before" | "after";

function Changed({ one: { kind, before, after }, names }: { one: Difference; names: Record<Side, string> }) {
  return (
    <>
      <span className={styles.kind}>
        <Tag tone={TONES[kind]}>{t(`responses.kind.${kind}`)}</Tag>
      </span>
      <Half row={before} other={after} which="before" name={names.before} />
      <Half row={after} other={before} which="after" name={names.after} />
    </>
  );
}

interface HalfProps {
  row: ResponseRow | null;
  other: ResponseRow | null;
  which: Side;
  /** The version it is of: over the column where there are two, else here. */
  name: string;
}

function Half({ row, other, which, name }: HalfProps) {
  if (!row) return <div className={styles.half} data-empty />;
  const [before, after] = which === "before" ? [row, other] : [other, row];
  const texts = (of: (row: ResponseRow) => string) => ({ before: before ? of(before) : "", after: after ? of(after) : "" });
  return (
    <div className={styles.half}>
      <span className={styles.name}>{name}</span>
      <Words {...texts((one) => one.text)} which={which} />
      {FACTS.map(({ label, of }) => {
        const { before: was, after: is } = texts(of);
        if (was === is && other) return null;
        if (!of(row)) return null;
        return (
          <div key={label} className={styles.fact}>
            <b>{t(`responses.${label}`)}</b> <Words before={was} after={is} which={which} />
          </div>
        );
      })}
    </div>
  );
}

const FACTS = [
  { label: "title", of: (row: ResponseRow) => row.title },
  { label: "folder", of: (row: ResponseRow) => row.folderPath },
  { label: "filters", of: (row: ResponseRow) => row.metadata.map(({ name, allowedValues }) => `${name}: ${allowedValues.join(", ")}`).join("; ") },
] as const;
