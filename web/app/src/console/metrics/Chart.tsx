import { useComputedColorScheme } from "@mantine/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use as install, type EChartsCoreOption } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import styles from "./Metrics.module.css";

install([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** The colours of the theme, as a canvas needs them. */
export interface Palette {
  ink: string;
  soft: string;
  line: string;
  surface: string;
  accent: string;
  second: string;
  quiet: string;
}

interface ChartProps {
  option: (palette: Palette) => EChartsCoreOption;
}

/** A drawing of figures that stand in a table as well, so it says nothing to those who cannot see it. */
export default function Chart({ option }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  useEffect(() => {
    const element = place.current!;
    const chart = init(element, null, { renderer: "canvas" });
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    chart.setOption({ animation: !still, animationDuration: 300, ...option(palette()) });
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [option, scheme]);
  return <div ref={place} className={styles.chart} aria-hidden="true" />;
}

function palette(): Palette {
  const tokens = getComputedStyle(document.documentElement);
  const token = (name: string) => tokens.getPropertyValue(`--${name}`).trim();
  return {
    ink: token("ink"),
    soft: token("ink-3"),
    line: token("line"),
    surface: token("raised"),
    accent: token("accent"),
    second: token("good"),
    quiet: token("line-strong"),
  };
}
