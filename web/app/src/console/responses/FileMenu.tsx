import { Button, Menu } from "@mantine/core";
import { IconDownload, IconFileSpreadsheet, IconFileTypeCsv, IconTemplate } from "@tabler/icons-react";
import { t } from "../../i18n";
import { fileAddress, templateAddress } from "./api";

/** The list as a file for a spreadsheet; a version's when one is given. */
export function FileMenu({ version }: { version?: string }) {
  return (
    <Menu position="bottom-end" width={230} shadow="md" radius="md">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={17} />}>
          {t("responses.download")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={fileAddress("csv", version)} download leftSection={<IconFileTypeCsv size={17} />}>
          {t("responses.download.csv")}
        </Menu.Item>
        <Menu.Item component="a" href={fileAddress("xlsx", version)} download leftSection={<IconFileSpreadsheet size={17} />}>
          {t("responses.download.xlsx")}
        </Menu.Item>
        {!version && (
          <Menu.Item component="a" href={templateAddress("csv")} download leftSection={<IconTemplate size={17} />}>
            {t("responses.download.template")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
