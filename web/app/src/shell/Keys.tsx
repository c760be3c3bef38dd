import { Kbd, Modal } from "@mantine/core";
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";
import { t, type Key } from "../i18n";
import { isInField } from "../platform/keys";
import styles from "./Keys.module.css";

interface KeysContextValue {
  show: () => void;
}

const KeysContext = createContext<KeysContextValue>({ show: () => undefined });

export const useKeysDialog = (): KeysContextValue => use(KeysContext);

type Stroke = readonly string[];

const LIST: readonly { label: Key; strokes: readonly Stroke[] }[] = [
  { label: "keys.next", strokes: [["Alt", "↓"], ["J"]] },
  { label: "keys.previous", strokes: [["Alt", "↑"], ["K"]] },
  { label: "keys.insert", strokes: [["Alt", "1"], ["Alt", "2"], ["Alt", "3"]] },
  { label: "keys.digit", strokes: [["1"], ["2"], ["3"]] },
  { label: "keys.insertAt", strokes: [["Alt", "Shift", "1"]] },
  { label: "keys.take", strokes: [["Tab"], ["→"]] },
  { label: "keys.send", strokes: [["Enter"]] },
  { label: "keys.newline", strokes: [["Shift", "Enter"]] },
  { label: "keys.drawer", strokes: [["/"]] },
  { label: "keys.search", strokes: [["Alt", "G"]] },
  { label: "keys.undo", strokes: [["Alt", "Z"]] },
  { label: "keys.panel", strokes: [["Alt", "R"]] },
  { label: "keys.compose", strokes: [["C"]] },
  { label: "keys.end", strokes: [["Ctrl", "E"]] },
  { label: "keys.status", strokes: [["Alt", "A"]] },
  { label: "keys.help", strokes: [["?"]] },
];

/** The list of keys, opened by `?` outside text fields. */
export function KeysProvider({ children }: { children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  const value = useMemo(() => ({ show: () => setOpened(true) }), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "?" || isInField(event)) return;
      event.preventDefault();
      setOpened(true);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <KeysContext value={value}>
      {children}
      <Modal opened={opened} onClose={() => setOpened(false)} title={t("keys.title")} centered>
        <dl className={styles.list}>
          {LIST.map(({ label, strokes }) => (
            <div key={label} className={styles.row}>
              <dt>{t(label)}</dt>
              <dd className={styles.strokes}>
                {strokes.map((stroke) => (
                  <span key={stroke.join()} className={styles.stroke}>
                    {stroke.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </span>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </Modal>
    </KeysContext>
  );
}
