// To which clients of an agency somebody is limited. It is there only where there are clients.
import { MultiSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useSession } from "../api/session.ts";
import { useTexts } from "../language/language.tsx";

interface ClientsLimitProps {
  /** null: no limit. */
  readonly clients: readonly string[] | null;
  readonly onChange: (clients: readonly string[] | null) => void;
}

export function ClientsLimit({ clients, onChange }: ClientsLimitProps) {
  const text = useTexts(texts);
  const own = useSession().clients;
  const known = useQuery({ queryKey: ["clients"], queryFn: () => call("GET /clients") });
  const named = (known.data?.items ?? []).filter(({ name }) => name !== "");
  if (named.length === 0 && clients === null) return null;
  const missing = (clients ?? []).filter((client) => !named.some(({ name }) => name === client));
  return (
    <MultiSelect
      label={text.label}
      description={own === null ? text.what : text.whatLimited}
      placeholder={clients === null ? (own === null ? text.all : text.choose) : ""}
      searchable
      data={[
        ...named.map(({ name, label }) => ({ value: name, label: label ?? name })),
        ...missing.map((name) => ({ value: name, label: name })),
      ]}
      value={[...(clients ?? [])]}
      onChange={(values) => onChange(values.length === 0 ? null : values)}
    />
  );
}

const texts = {
  de: {
    label: "Nur diese Kunden",
    what: "Wer auf Kunden beschränkt ist, sieht und ändert nur deren Leads, Quellen und Ziele und nichts, was die ganze Installation betrifft. Leer: keine Beschränkung.",
    whatLimited: "Sie sind selbst auf Kunden beschränkt: Wählen Sie einen oder mehrere davon.",
    all: "Alle",
    choose: "Bitte wählen",
  },
  en: {
    label: "Only these clients",
    what: "Whoever is limited to clients sees and changes their leads, sources and destinations alone, and nothing that concerns the whole installation. Empty: no limit.",
    whatLimited: "You are limited to clients yourself: choose one or more of them.",
    all: "All",
    choose: "Please choose",
  },
};
