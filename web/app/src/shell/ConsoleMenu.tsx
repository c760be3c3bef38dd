import { ActionIcon, Menu } from "@mantine/core";
import { IconMenu2 } from "@tabler/icons-react";
import { Fragment } from "react";
import { Link, useLocation } from "wouter";
import { useAreas } from "../console/areas";
import { t } from "../i18n";

/** The console's pages from wherever one is. */
export function ConsoleMenu() {
  const areas = useAreas();
  const [path] = useLocation();
  return (
    <Menu position="bottom-start" width={240} shadow="md" radius="md" withinPortal={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t("console.menu")}>
          <IconMenu2 size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {areas.map(({ label, pages }) => (
          <Fragment key={label}>
            <Menu.Label>{t(label)}</Menu.Label>
            {pages.map(({ path: page, label, Icon }) => {
              const href = `/console/${page}`;
              return (
                <Menu.Item key={page} component={Link} href={href} leftSection={<Icon size={17} aria-hidden="true" />} aria-current={path === href ? "page" : undefined}>
                  {t(label)}
                </Menu.Item>
              );
            })}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
