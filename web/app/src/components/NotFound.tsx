import { Button } from "@mantine/core";
import { IconMapPinOff } from "@tabler/icons-react";
import { Link } from "wouter";
import { t } from "../i18n";
import { homeOf, useSession } from "../session/SessionContext";
import { Empty } from "./Empty";

export const NotFound = () => (
  <Empty
    icon={<IconMapPinOff size={24} />}
    title={t("error.page")}
    action={
      <Button component={Link} href={homeOf(useSession().person.role)} variant="default">
        {t("error.home")}
      </Button>
    }
  />
);
