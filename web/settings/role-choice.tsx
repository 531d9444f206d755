// A choice of roles, with what the chosen one may do.
import { Select, Text } from "@mantine/core";
import type { Role } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import type { Language } from "../language/language.tsx";
import { roleNames } from "../language/role-names.ts";

interface RoleChoiceProps {
  readonly role: Role;
  readonly onChange: (role: Role) => void;
}

export function RoleChoice({ role, onChange }: RoleChoiceProps) {
  const text = useTexts(texts);
  const roles = useTexts(roleNames);
  return (
    <>
      <Select
        label={text.role}
        allowDeselect={false}
        data={(Object.keys(roles) as Role[]).map((value) => ({ value, label: roles[value] }))}
        value={role}
        onChange={(value) => onChange(value ?? role)}
      />
      <Text size="sm" role="status">
        {text.may[role]}
      </Text>
    </>
  );
}

interface RoleTexts {
  readonly role: string;
  readonly may: Readonly<Record<Role, string>>;
}

const texts: Readonly<Record<Language, RoleTexts>> = {
  de: {
    role: "Rolle",
    may: {
      viewer: "Sieht alles, aber keine Personendaten, und ändert nichts.",
      sales: "Sieht ganze Leads, sucht nach Personen und stößt eine Zustellung noch einmal an.",
      operator: "Dazu: bearbeitet Klärfälle, auch viele auf einmal, und betreut Quellen und Ziele.",
      privacy: "Sieht ganze Leads und das Protokoll, exportiert, und ändert nichts an der Einrichtung.",
      admin: "Darf alles, auch Konten, API-Schlüssel und Einstellungen.",
    },
  },
  en: {
    role: "Role",
    may: {
      viewer: "Sees everything but person data, and changes nothing.",
      sales: "Sees whole leads, finds people, and delivers a lead again.",
      operator:
        "Also works on what needs attention, many at once too, and looks after sources and destinations.",
      privacy: "Sees whole leads and the log, exports, and changes no configuration.",
      admin: "May do everything, accounts, keys and settings included.",
    },
  },
};
