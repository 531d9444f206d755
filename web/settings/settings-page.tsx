// The head of the settings, with its parts as links; each part is a view of its own.
import { Group } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useSession } from "../api/session.ts";
import type { Permission } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { Page } from "../ui/page.tsx";
import classes from "./settings.module.css";

type Part = "own" | "users" | "apiKeys" | "clients" | "mail" | "deadMansSwitch" | "installation";

const parts: readonly { readonly part: Part; readonly path: string; readonly needs?: Permission }[] = [
  { part: "own", path: "/settings" },
  { part: "users", path: "/settings/users", needs: "accounts.write" },
  { part: "apiKeys", path: "/settings/api-keys", needs: "accounts.write" },
  { part: "clients", path: "/settings/clients", needs: "settings.write" },
  { part: "mail", path: "/settings/mail", needs: "settings.write" },
  { part: "deadMansSwitch", path: "/settings/dead-mans-switch", needs: "settings.write" },
  { part: "installation", path: "/settings/installation" },
];

export function SettingsPage({
  part,
  actions,
  children,
}: {
  readonly part: Part;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const text = useTexts(texts);
  const { permissions } = useSession();
  const [location] = useLocation();
  const visible = parts.filter(({ needs }) => needs === undefined || permissions.includes(needs));
  return (
    <Page title={text[part]} explanation={text.explanations[part]} actions={actions}>
      <Group component="nav" aria-label={text.parts} gap="xs" className={classes.parts}>
        {visible.map(({ part: each, path }) => (
          <Link
            key={path}
            href={path}
            className={classes.part ?? ""}
            aria-current={location === path ? "page" : undefined}
          >
            {text[each]}
          </Link>
        ))}
      </Group>
      {children}
    </Page>
  );
}

const texts = {
  de: {
    parts: "Teile der Einstellungen",
    own: "Mein Konto",
    users: "Benutzer",
    apiKeys: "API-Schlüssel",
    clients: "Kunden",
    mail: "E-Mail",
    deadMansSwitch: "Totmannschalter",
    installation: "Installation",
    explanations: {
      own: "Was nur Sie betrifft.",
      users: "Wer sich anmelden darf, und was er darf.",
      apiKeys: "Womit Programme die Schnittstelle benutzen.",
      clients: "Für Agenturen: wem Quellen und Ziele gehören. Nichts von einem gelangt zu einem anderen.",
      mail: "Von diesem Postfach kommen Alarme, Berichte, Einladungen und Links für neue Passwörter.",
      deadMansSwitch:
        "Fällt alles aus, kann LeadLedger selbst nichts mehr melden. Ein Dienst außerhalb merkt es, weil ein Aufruf ausbleibt.",
      installation: "Was für alle gilt.",
    },
  },
  en: {
    parts: "Parts of the settings",
    own: "My account",
    users: "Users",
    apiKeys: "API keys",
    clients: "Clients",
    mail: "Mail",
    deadMansSwitch: "Dead man’s switch",
    installation: "Installation",
    explanations: {
      own: "What concerns you alone.",
      users: "Who may sign in, and what they may do.",
      apiKeys: "What programs use the API with.",
      clients: "For agencies: whose sources and destinations there are. Nothing of one reaches another.",
      mail: "Alerts, reports, invitations and links for new passwords come from this mailbox.",
      deadMansSwitch:
        "When everything fails, LeadLedger cannot say so itself. A service outside notices because a call does not come.",
      installation: "What holds for everybody.",
    },
  },
};
