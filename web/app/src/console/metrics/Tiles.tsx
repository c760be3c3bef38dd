import { t } from "../../i18n";
import type { Figures } from "./api";
import { duration, percent, whole } from "./figures";
import styles from "./Metrics.module.css";

/** The figures that matter most, in words. */
export function Tiles({ total }: { total: Figures }) {
  const part = (of: number, all: number) => ({ part: whole(of), whole: whole(all) });
  return (
    <dl className={styles.tiles}>
      <Tile name={t("metrics.adoption")} value={percent(total.adoption)}>
        {t("metrics.adoption.hint", part(total.augmented, total.messages))}
      </Tile>
      <Tile name={t("metrics.acceptance")} value={percent(total.acceptanceRate)}>
        {t("metrics.acceptance.hint", part(total.accepted, total.offered))}
      </Tile>
      <Tile name={t("metrics.edits")} value={percent(total.editRate)}>
        {t("metrics.edits.hint", part(total.edited, total.replaced))}
      </Tile>
      <Tile name={t("metrics.saved")} value={duration(total.secondsSaved)}>
        {total.secondsSaved === null
          ? t("metrics.saved.unknown")
          : t("metrics.saved.hint", { with: duration(total.craftingWith), without: duration(total.craftingWithout) })}
      </Tile>
      <Tile name={t("metrics.characters")} value={whole(total.charactersSaved)}>
        {t("metrics.characters.hint")}
      </Tile>
      <Tile name={t("metrics.messages")} value={whole(total.messages)}>
        {t("metrics.messages.hint", { count: total.reported })}
      </Tile>
      <Tile name={t("metrics.greetings")} value={whole(total.greetings)}>
        {t("metrics.greetings.hint")}
      </Tile>
    </dl>
  );
}

const Tile = ({ name, value, children }: { name: string; value: string; children: string }) => (
  <div className={styles.tile}>
    <dt className={styles.tileName}>{name}</dt>
    <dd className={styles.tileValue}>{value}</dd>
    <dd className={styles.tileHint}>{children}</dd>
  </div>
);
