import styles from "./Toggle.module.css";

interface ToggleProps {
  isOn: boolean;
  label: string;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

/** A switch light enough to be drawn by the hundred. */
export const Toggle = ({ isOn, label, disabled = false, onChange }: ToggleProps) => (
  <button
    type="button"
    role="switch"
    className={styles.toggle}
    aria-checked={isOn}
    aria-label={label}
    disabled={disabled}
    onClick={() => onChange(!isOn)}
  >
    <span className={styles.knob} />
  </button>
);
