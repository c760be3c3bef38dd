import { Button } from "@mantine/core";
import { IconCoffee, IconMessages } from "@tabler/icons-react";
import { Empty } from "../components/Empty";
import { t } from "../i18n";
import { useStatus } from "./useStatus";

/** A desk without conversations: away, or waiting for the next one. */
export function Nobody() {
  const { status, change, isChanging } = useStatus();
  if (status === "active") {
    return (
      <Empty icon={<IconMessages size={24} />} title={t("desk.list.none.active")} hint={t("desk.list.none.active.hint")} />
    );
  }
  return (
    <Empty
      icon={<IconCoffee size={24} />}
      title={t("desk.list.none.away")}
      hint={t("desk.list.none.away.hint")}
      action={
        <Button loading={isChanging} onClick={() => change("active")}>
          {t("desk.list.none.away.action")}
        </Button>
      }
    />
  );
}
