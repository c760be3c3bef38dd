import { useMediaQuery } from "@mantine/hooks";
import { useCallback, useEffect, useState } from "react";
import { isBehindDialog } from "../../platform/keys";
import { recall, remember } from "../../platform/memory";
import type { Tab } from "./Side";

/** What stands beside a conversation: a column where there is room for three, else a sheet. */
export function useSide() {
  const hasRoom = useMediaQuery("(min-width: 1181px)", true, { getInitialValueInEffect: false });
  const [isColumn, setIsColumn] = useState(() => recall("side") !== "hidden");
  const [isSheet, setIsSheet] = useState(false);
  const [tab, setTab] = useState<Tab>(() => (recall("side.tab") as Tab | null) ?? "customer");
  const isOpen = hasRoom ? isColumn : isSheet;

  const turn = useCallback(
    (on: boolean) => {
      if (!hasRoom) return setIsSheet(on);
      setIsColumn(on);
      remember("side", on ? null : "hidden");
    },
    [hasRoom],
  );
  const show = useCallback(() => turn(true), [turn]);
  const hide = useCallback(() => turn(false), [turn]);
  const inserted = useCallback(() => setIsSheet(false), []);
  const choose = useCallback((next: Tab) => {
    setTab(next);
    remember("side.tab", next);
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.code !== "KeyR" || isBehindDialog()) return;
      event.preventDefault();
      turn(!isOpen);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [turn, isOpen]);
  return { tab, choose, show, hide, inserted, isShown: hasRoom && isColumn, isSheet: !hasRoom && isSheet };
}
