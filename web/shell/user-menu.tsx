// Who is signed in; language, light or dark, and signing out.
import { ActionIcon, Button, Group, Menu, useMantineColorScheme } from "@mantine/core";
import {
  IconDeviceDesktop,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from "@tabler/icons-react";
import { useChangeSession, useSession, useSignOut } from "../api/session.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import classes from "./shell.module.css";
import { roleNames } from "../language/role-names.ts";

export function UserMenu() {
  const text = useTexts(texts);
  const { user, role } = useSession();
  const roles = useTexts(roleNames);
  const signOut = useSignOut();
  return (
    <Group gap="xs" wrap="nowrap">
      <SchemeMenu />
      <LanguageButton />
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            c="inherit"
            px="xs"
            leftSection={<IconUserCircle size={20} stroke={1.7} aria-hidden />}
            aria-label={text.account(user?.display_name ?? roles[role])}
          >
            <span className={classes.userName}>{user?.display_name ?? roles[role]}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {[user?.login, roles[role]].filter((part) => part !== undefined).join(" · ")}
          </Menu.Label>
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()}>
            {text.signOut}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

/** The language is the account's, so that mails and other devices speak it too. */
function LanguageButton() {
  const text = useTexts(texts);
  const { language, setLanguage } = useLanguage();
  const { user } = useSession();
  const change = useChangeSession();
  const other = language === "de" ? "en" : "de";
  return (
    <Button
      variant="subtle"
      color="gray"
      c="inherit"
      px="xs"
      leftSection={<IconLanguage size={18} stroke={1.7} aria-hidden />}
      aria-label={text.otherLanguage}
      lang={other}
      onClick={() => {
        setLanguage(other);
        if (user !== null) change.mutate({ language: other });
      }}
    >
      {other.toUpperCase()}
    </Button>
  );
}

function SchemeMenu() {
  const text = useTexts(texts);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = [
    { value: "light", name: text.light, Icon: IconSun },
    { value: "dark", name: text.dark, Icon: IconMoon },
    { value: "auto", name: text.automatic, Icon: IconDeviceDesktop },
  ] as const;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" c="inherit" size="lg" aria-label={text.appearance}>
          {colorScheme === "dark" ? <IconMoon size={18} stroke={1.7} /> : <IconSun size={18} stroke={1.7} />}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map(({ value, name, Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} aria-hidden />}
            fw={colorScheme === value ? 600 : 400}
            onClick={() => setColorScheme(value)}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const texts = {
  de: {
    account: (name: string) => `Angemeldet: ${name}`,
    signOut: "Abmelden",
    otherLanguage: "EN: switch to English",
    appearance: "Hell oder dunkel",
    light: "Hell",
    dark: "Dunkel",
    automatic: "Wie das Gerät",
  },
  en: {
    account: (name: string) => `Signed in: ${name}`,
    signOut: "Sign out",
    otherLanguage: "DE: auf Deutsch umstellen",
    appearance: "Light or dark",
    light: "Light",
    dark: "Dark",
    automatic: "As the device",
  },
};
