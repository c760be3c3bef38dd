import styles from "./Sparkline.module.css";

const WIDTH = 240;
const HEIGHT = 40;
/** Room for the line's own thickness. */
const EDGE = 2;

/** A row of numbers as a line; the last one is now. */
export function Sparkline({ points, label }: { points: readonly number[]; label: string }) {
  const highest = Math.max(1, ...points);
  const x = (index: number) => (index / (points.length - 1)) * WIDTH;
  const y = (value: number) => HEIGHT - EDGE - (value / highest) * (HEIGHT - 2 * EDGE);
  const line = points.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return (
    <svg className={styles.sparkline} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <polygon className={styles.area} points={`0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}`} />
      <polyline className={styles.line} points={line} />
    </svg>
  );
}
