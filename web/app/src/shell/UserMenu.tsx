import { Popover, SegmentedControl, Switch, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconKey, IconKeyboard, IconLanguage, IconLogout, IconVolume, type Icon } from "@tabler/icons-react";
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

/** Who one is, how the page looks and sounds, and the way out. */
export function UserMenu() {
  const { person } = useSession();
  const keys = useKeysDialog();
  const [opened, setOpened] = useState(false);
  const [changing, setChanging] = useState(false);
  const label = t("me.menu", { name: person.name });
  const then = (run: () => void) => () => {
    setOpened(false);
    run();
  };
  return (
    <>
      <Popover opened={opened} onChange={setOpened} position="bottom-end" width={280} shadow="md" radius="md" withinPortal={false} trapFocus returnFocus>
        <Popover.Target>
          <UnstyledButton className={styles.target} aria-label={label} onClick={() => setOpened(!opened)}>
            <Face name={person.name} size={30} />
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown p={6} aria-label={label}>
          <div className={styles.who}>
            <div className={styles.name}>{person.name}</div>
            <div className={styles.email}>
              {person.email} · {t(`role.${person.role}`)}
            </div>
          </div>
          <Destinations onGo={() => setOpened(false)} />
          <Preferences />
          <div className={styles.part}>
            <Item Icon={IconKeyboard} label={t("me.keys")} onClick={then(keys.show)} />
            <Item Icon={IconKey} label={t("me.password")} onClick={then(() => setChanging(true))} />
            <Item Icon={IconLogout} label={t("me.signOut")} onClick={() => void signOut()} />
          </div>
        </Popover.Dropdown>
      </Popover>
      <PasswordDialog opened={changing} onClose={() => setChanging(false)} />
    </>
  );
}

const Item = ({ Icon, label, onClick }: { Icon: Icon; label: string; onClick: () => void }) => (
  <button type="button" className={styles.item} onClick={onClick}>
    <Icon size={17} aria-hidden="true" />
    {label}
  </button>
);

/** On a phone the bar has no room for them. */
function Destinations({ onGo }: { onGo: () => void }) {
  const destinations = useDestinations();
  if (destinations.length < 2) return null;
  return (
    <nav className={`${styles.part} ${styles.phone}`} aria-label={t("nav.menu")}>
      {destinations.map(({ href, label, isHere }) => (
        <Link key={href} href={href} className={styles.item} aria-current={isHere ? "page" : undefined} onClick={onGo}>
          {label}
        </Link>
      ))}
    </nav>
  );
}

function Preferences() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const sound = useStore(soundIsOn);
  const schemes = ["auto", "light", "dark"] as const;
  return (
    <div className={`${styles.part} ${styles.preferences}`}>
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
