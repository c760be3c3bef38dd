import styles from "./Face.module.css";

interface FaceProps {
  name: string | null;
  /** 0 to 7 tells faces apart on one desk; without it the face is neutral. */
  hue?: number;
  size?: number;
  /** Whether somebody is there; without it nothing is said. */
  online?: boolean;
}

/** A person as initials. The name stands beside it, so it says nothing itself. */
export const Face = ({ name, hue, size = 36, online }: FaceProps) => (
  <span
    className={styles.face}
    data-hue={hue}
    data-initials={initials(name)}
    style={{ width: size, height: size, fontSize: size * 0.38 }}
    aria-hidden="true"
  >
    {online !== undefined && <span className={styles.dot} data-online={online} />}
  </span>
);

export function initials(name: string | null): string {
  const words = (name ?? "").trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => Array.from(word!)[0]!.toLocaleUpperCase()).join("") || "?";
}
