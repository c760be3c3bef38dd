import { Tabs } from "@mantine/core";
import { useState } from "react";
import { Page } from "../../components/Page";
import { t } from "../../i18n";
import { useTitle } from "../../platform/useTitle";
import { Entities } from "./Entities";
import { Rules } from "./Rules";

/** What is hidden before anything is stored, shown or sent to a model. */
export default function Redaction() {
  const [tab, setTab] = useState<string | null>("entities");
  useTitle(t("console.redaction"));
  return (
    <Page title={t("console.redaction")} hint={t("redaction.hint")}>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="entities">{t("redaction.entities")}</Tabs.Tab>
          <Tabs.Tab value="rules">{t("redaction.rules")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="entities">
          <Entities />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <Rules />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
