// What a role may do, in one sentence.
import { Text } from "@mantine/core";
import type { Role } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import type { Language } from "../language/language.tsx";

export function RoleExplanation({ role }: { readonly role: Role }) {
  const text = useTexts(texts);
  return (
    <Text size="sm" role="status">
      {text[role]}
    </Text>
  );
}

const texts: Readonly<Record<Language, Readonly<Record<Role, string>>>> = {
  de: {
    viewer: "Sieht alles, aber keine Personendaten, und ändert nichts.",
    sales: "Sieht ganze Leads, sucht nach Personen und stößt eine Zustellung noch einmal an.",
    operator: "Dazu: bearbeitet Klärfälle, auch viele auf einmal, und betreut Quellen und Ziele.",
    privacy: "Sieht ganze Leads und das Protokoll, exportiert, und ändert nichts an der Einrichtung.",
    admin: "Darf alles, auch Konten, Schlüssel und Einstellungen.",
  },
  en: {
    viewer: "Sees everything but person data, and changes nothing.",
    sales: "Sees whole leads, finds people, and delivers a lead again.",
    operator:
      "Also works on what needs attention, many at once too, and looks after sources and destinations.",
    privacy: "Sees whole leads and the log, exports, and changes no configuration.",
    admin: "May do everything, accounts, keys and settings included.",
  },
};
