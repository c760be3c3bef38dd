import { LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use as register } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useComputedColorScheme } from "@mantine/core";
import { currentLanguage, t } from "../../i18n";
import type { Model } from "./api";
import { figureName, percent, sharesOf } from "./figures";

register([LineChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, SVGRenderer]);

/** Below it the names of the figures stand one under the other, in pixels. */
const NARROW = 520;

/** Where the names of the figures go, and how much of the drawing they leave. */
const room = (width: number, names: number) => {
  const isNarrow = width < NARROW;
  return {
    legend: isNarrow ? { orient: "vertical", itemGap: 8 } : { orient: "horizontal", itemGap: 24 },
    grid: { left: 8, right: 16, top: isNarrow ? names * 22 + 14 : 36, bottom: 8, containLabel: true },
  };
};

interface ChartProps {
  label: string;
  /** Oldest first. */
  models: readonly Model[];
}

/** How the figures of a kind of model went from version to version. */
export default function Chart({ label, models }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  useEffect(() => {
    const element = frame.current!;
    const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const chart = init(element, null, { renderer: "svg" });
    const names = [...new Set(models.flatMap((model) => sharesOf(model).map(([name]) => name)))];
    const shown = (share: unknown) => (typeof share === "number" ? percent(share, currentLanguage()) : "–");
    chart.setOption({
      animation: false,
      color: [token("--accent-ink"), token("--good"), token("--warn"), token("--bad")],
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token("--ink-2") },
      legend: { top: 0, left: 0, textStyle: { color: token("--ink-2") }, icon: "roundRect", itemHeight: 4 },
      tooltip: { trigger: "axis", valueFormatter: shown, backgroundColor: token("--raised"), borderColor: token("--line"), textStyle: { color: token("--ink") } },
      xAxis: {
        type: "category",
        data: models.map(({ version }) => t("responses.version.number", { number: version })),
        axisLine: { lineStyle: { color: token("--line-strong") } },
        axisLabel: { color: token("--ink-3") },
      },
      yAxis: { type: "value", min: 0, max: 1, axisLabel: { formatter: shown, color: token("--ink-3") }, splitLine: { lineStyle: { color: token("--line") } } },
      series: names.map((name) => ({
        type: "line",
        name: figureName(name),
        data: models.map((model) => sharesOf(model).find(([one]) => one === name)?.[1] ?? null),
        symbolSize: 8,
        lineStyle: { width: 2.5 },
      })),
    });
    const fit = () => {
      chart.resize();
      chart.setOption(room(element.clientWidth, names.length));
    };
    const observer = new ResizeObserver(fit);
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [models, scheme]);
  // The table below says the same in words.
  return <div ref={frame} style={{ height: 240 }} role="img" aria-label={label} />;
}
