import { SegmentedControl } from "@mantine/core";
import type { EChartsCoreOption } from "echarts/core";
import { lazy, Suspense, useId, useState, type ReactNode } from "react";
import { Sheet } from "../../components/Sheet";
import { Splash } from "../../components/Splash";
import { t } from "../../i18n";
import type { Palette } from "./Chart";
import styles from "./Metrics.module.css";

// The library that draws is larger than the rest of the console: it comes when it is needed.
const Chart = lazy(() => import("./Chart"));

interface PlotProps {
  title: string;
  draw: (palette: Palette) => EChartsCoreOption;
  /** Heads and rows of the same figures. */
  heads: string[];
  rows: { key: string; cells: ReactNode[] }[];
}

/** Figures as a chart, or as a table of the same. */
export function Plot({ title, draw, heads, rows }: PlotProps) {
  const [view, setView] = useState("chart");
  const heading = useId();
  return (
    <section className={styles.card} aria-labelledby={heading}>
      <header className={styles.cardHeader}>
        <h2 id={heading} className={styles.cardTitle}>
          {title}
        </h2>
        <SegmentedControl
          size="xs"
          aria-label={t("metrics.view", { what: title })}
          value={view}
          onChange={setView}
          data={[
            { value: "chart", label: t("metrics.chart") },
            { value: "table", label: t("metrics.table") },
          ]}
        />
      </header>
      {view === "chart" ? (
        <Suspense fallback={<div className={styles.chart}><Splash /></div>}>
          <Chart option={draw} />
        </Suspense>
      ) : (
        <FiguresTable label={title} heads={heads} rows={rows} />
      )}
    </section>
  );
}

interface FiguresTableProps {
  label: string;
  heads: string[];
  rows: PlotProps["rows"];
}

/** Rows of figures; the first cell names the row. */
export const FiguresTable = ({ label, heads, rows }: FiguresTableProps) => (
  <Sheet label={label}>
    <thead>
      <tr>
        {heads.map((head, place) => (
          <th key={head} scope="col" className={place > 0 ? styles.number : undefined}>
            {head}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map(({ key, cells }) => (
        <tr key={key}>
          {cells.map((cell, place) => (
            <td key={heads[place]} className={place > 0 ? styles.number : styles.name}>
              {cell}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </Sheet>
);
