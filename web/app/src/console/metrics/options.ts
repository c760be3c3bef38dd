import type { EChartsCoreOption } from "echarts/core";
import { t } from "../../i18n";
import { FEATURES, type Figures, type Group } from "./api";
import type { Palette } from "./Chart";
import { dayLabel, decimal, percent, whole } from "./figures";

type Draw = (palette: Palette) => EChartsCoreOption;

const FONT = '"Inter Variable", ui-sans-serif, system-ui, sans-serif';

/** Messages as bars, and the share of them written with help as a line. */
export const adoptionOf =
  (days: Group[]): Draw =>
  (palette) => ({
    ...frame(palette, days.map(({ key }) => dayLabel(key))),
    yAxis: [scale(palette, whole, { minInterval: 1 }), scale(palette, percent, { max: 1, splitLine: { show: false } })],
    series: [
      bars(t("metrics.messages"), palette.quiet, days.map(({ messages }) => messages)),
      { ...line(t("metrics.adoption"), palette.accent, days.map(({ adoption }) => adoption), percent), yAxisIndex: 1 },
    ],
  });

/** How long messages took to write, with help and without. */
export const timesOf =
  (days: Group[]): Draw =>
  (palette) => ({
    ...frame(palette, days.map(({ key }) => dayLabel(key))),
    yAxis: scale(palette, decimal, {}),
    series: [
      line(t("metrics.with"), palette.accent, days.map(({ craftingWith }) => craftingWith), decimal),
      line(t("metrics.without"), palette.second, days.map(({ craftingWithout }) => craftingWithout), decimal, "dashed"),
    ],
  });

/** In how many messages each kind of help was used. */
export const featuresOf =
  ({ features }: Figures): Draw =>
  (palette) => ({
    ...frame(palette, []),
    legend: { show: false },
    grid: { top: 8, bottom: 8, left: 8, right: 32, containLabel: true },
    xAxis: scale(palette, whole, { minInterval: 1, splitNumber: 4 }),
    yAxis: {
      type: "category",
      inverse: true,
      data: FEATURES.map((feature) => t(`metrics.feature.${feature}`)),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: palette.ink, fontFamily: FONT, fontSize: 12, width: 168, overflow: "truncate" },
    },
    series: [
      {
        ...bars(t("metrics.used"), palette.accent, FEATURES.map((feature) => features[feature])),
        barMaxWidth: 18,
        itemStyle: { color: palette.accent, borderRadius: [0, 4, 4, 0] },
      },
    ],
  });

const frame = (palette: Palette, labels: string[]) => ({
  textStyle: { fontFamily: FONT },
  grid: { top: 40, bottom: 8, left: 8, right: 8, containLabel: true },
  legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 14, itemHeight: 8, textStyle: { color: palette.ink, fontFamily: FONT } },
  tooltip: {
    trigger: "axis",
    confine: true,
    backgroundColor: palette.surface,
    borderColor: palette.line,
    textStyle: { color: palette.ink, fontFamily: FONT, fontSize: 13 },
  },
  xAxis: {
    type: "category",
    data: labels,
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { show: false },
    axisLabel: { color: palette.soft, hideOverlap: true },
  },
});

const scale = (palette: Palette, formatter: (value: number) => string, more: object) => ({
  type: "value",
  min: 0,
  axisLabel: { color: palette.soft, formatter, hideOverlap: true },
  splitLine: { lineStyle: { color: palette.line } },
  ...more,
});

const bars = (name: string, color: string, data: number[]) => ({
  type: "bar",
  name,
  data,
  barMaxWidth: 26,
  itemStyle: { color, borderRadius: [4, 4, 0, 0] },
  tooltip: { valueFormatter: whole },
});

const line = (
  name: string,
  color: string,
  data: (number | null)[],
  valueFormatter: (value: number | null) => string,
  type: "solid" | "dashed" = "solid",
) => ({
  type: "line",
  name,
  data,
  connectNulls: true,
  symbolSize: 6,
  showSymbol: data.length <= 31,
  lineStyle: { color, width: 2.5, type },
  itemStyle: { color },
  tooltip: { valueFormatter },
});
