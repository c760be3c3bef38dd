import { Menu, SegmentedControl, Switch, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconKey, IconKeyboard, IconLanguage, IconLogout, IconVolume } from "@tabler/icons-react";
import { useStore } from "@rapport/kit/react";
import { useState } from "react";
import { Link } from "wouter";
import { Face } from "../components/Face";
import { chooseLanguage, currentLanguage, LANGUAGES, t, type Language } from "../i18n";
import { setSound, soundIsOn } from "../platform/sound";
import { signOut } from "../session/api";
import { PasswordDialog } from "../session/PasswordDialog";
import { useSession } from "../session/SessionContext";
import { useDestinations } from "./destinations";
import { useKeysDialog } from "./Keys";
import styles from "./UserMenu.module.css";

export function UserMenu() {
  const { person } = useSession();
  const keys = useKeysDialog();
  const [changing, setChanging] = useState(false);
  return (
    <>
      <Menu position="bottom-end" width={272} shadow="md" withinPortal keepMounted={false}>
        <Menu.Target>
          <UnstyledButton className={styles.target} aria-label={t("me.menu", { name: person.name })}>
            <Face name={person.name} size={30} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={styles.who}>
            <div className={styles.name}>{person.name}</div>
            <div className={styles.email}>
              {person.email} · {t(`role.${person.role}`)}
            </div>
          </div>
          <Destinations />
          <Menu.Divider />
          <Preferences />
          <Menu.Divider />
          <Menu.Item leftSection={<IconKeyboard size={17} />} onClick={keys.show}>
            {t("me.keys")}
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={17} />} onClick={() => setChanging(true)}>
            {t("me.password")}
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={17} />} onClick={() => void signOut()}>
            {t("me.signOut")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <PasswordDialog opened={changing} onClose={() => setChanging(false)} />
    </>
  );
}

/** On a phone the bar has no room for them. */
function Destinations() {
  const destinations = useDestinations();
  if (destinations.length < 2) return null;
  return (
    <div className={styles.phone}>
      <Menu.Divider />
      {destinations.map(({ href, label, isHere }) => (
        <Menu.Item key={href} component={Link} href={href} aria-current={isHere ? "page" : undefined} fw={isHere ? 650 : 450}>
          {label}
        </Menu.Item>
      ))}
    </div>
  );
}

function Preferences() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const sound = useStore(soundIsOn);
  const schemes = ["auto", "light", "dark"] as const;
  return (
    <div className={styles.preferences}>
      <div className={styles.label} id="appearance">
        {t("me.theme")}
      </div>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-labelledby="appearance"
        value={colorScheme}
        onChange={(value) => setColorScheme(value as typeof colorScheme)}
        data={schemes.map((value) => ({ value, label: t(`me.theme.${value}`) }))}
      />
      <div className={styles.row}>
        <IconLanguage size={17} aria-hidden="true" />
        <SegmentedControl
          fullWidth
          flex={1}
          size="xs"
          aria-label={t("me.language")}
          value={currentLanguage()}
          onChange={(value) => chooseLanguage(value as Language)}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        />
      </div>
      <div className={styles.row}>
        <IconVolume size={17} aria-hidden="true" />
        <Switch
          flex={1}
          size="sm"
          labelPosition="left"
          label={t("me.sound")}
          checked={sound}
          onChange={(event) => setSound(event.currentTarget.checked)}
          styles={{ body: { justifyContent: "space-between" } }}
        />
      </div>
    </div>
  );
}
