import { NumberInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Toggle } from "../../components/Toggle";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { changeDefaults, DEFAULTS, fetchDefaults, NAMES, SWITCHES, type Defaults, type Switch } from "./api";
import styles from "./ComposerSettings.module.css";
import { Awaited, Section, Setting } from "./Section";

/** What holds for every agent of the company. */
export function Switches() {
  const defaults = useQuery({ queryKey: DEFAULTS, queryFn: ({ signal }) => fetchDefaults(signal) });
  return (
    <Section title={t("help.switches")} hint={t("help.switches.hint")}>
      {defaults.data ? (
        <div className={styles.settings}>
          {SWITCHES.map((one) => (
            <SwitchSetting key={one} which={one} defaults={defaults.data} />
          ))}
          <ControlShare key={defaults.data.controlShare} share={defaults.data.controlShare} />
        </div>
      ) : (
        <Awaited query={defaults} />
      )}
    </Section>
  );
}

function SwitchSetting({ which, defaults }: { which: Switch; defaults: Defaults }) {
  const switching = useChange((isDisabled: boolean) => changeDefaults({ [which]: isDisabled }), { touches: DEFAULTS });
  const isDisabled = switching.isPending ? switching.variables : defaults[which];
  const isMaster = which === "autocomposeDisabled";
  const name = t(`help.${NAMES[which]}`);
  return (
    <Setting name={name} hint={t(`help.${NAMES[which]}.hint`)}>
      <Toggle
        isOn={!isDisabled}
        label={name}
        disabled={!isMaster && defaults.autocomposeDisabled}
        onChange={(on) => switching.mutate(!on)}
      />
    </Setting>
  );
}

function ControlShare({ share }: { share: number }) {
  const [typed, setTyped] = useState<number | string>(share);
  const changing = useChange((controlShare: number) => changeDefaults({ controlShare }), { touches: DEFAULTS });
  const save = () => {
    if (typeof typed === "number" && typed !== share) changing.mutate(typed);
    else setTyped(share);
  };
  return (
    <Setting name={t("help.control")} hint={t("help.control.hint")}>
      <NumberInput
        className={styles.short}
        aria-label={t("help.control.share")}
        value={typed}
        onChange={setTyped}
        onBlur={save}
        onKeyDown={(event) => event.key === "Enter" && save()}
        min={0}
        max={100}
        clampBehavior="strict"
        allowDecimal={false}
        allowNegative={false}
        suffix=" %"
        disabled={changing.isPending}
      />
    </Setting>
  );
}
