// Of an agency: whose leads, entries and figures are shown. It is there only where there is more than one client.
import { Select } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { call } from "../api/client.ts";
import { chooseClient, chosenClient, clientMember } from "../api/chosen-client.ts";
import { useTexts } from "../language/language.tsx";

/** No client has a name like that. */
const everybody = "*";

export function ClientChoice() {
  const text = useTexts(texts);
  const queries = useQueryClient();
  const [client, setClient] = useState(chosenClient);
  const clients = useQuery({ queryKey: ["clients"], queryFn: () => call("GET /clients") });
  useClientInAddress(client);
  const items = clients.data?.items ?? [];
  if (items.length < 2) return null;
  return (
    <Select
      aria-label={text.label}
      size="sm"
      w={190}
      allowDeselect={false}
      searchable
      data={[
        { value: everybody, label: text.all },
        ...items.map(({ name, label }) => ({
          value: name,
          label: label ?? (name === "" ? text.unnamed : name),
        })),
      ]}
      value={client ?? everybody}
      onChange={(value) => {
        const next = value === everybody ? null : value;
        chooseClient(next);
        setClient(next);
        // What is there is about other clients.
        void queries.resetQueries({ predicate: ({ queryKey: [name] }) => !unaffected.has(String(name)) });
      }}
    />
  );
}

const unaffected: ReadonlySet<string> = new Set(["session", "settings", "clients"]);

/** Links from view to view do not name it. */
function useClientInAddress(client: string | null): void {
  const [location, navigate] = useLocation();
  const search = useSearch();
  useEffect(() => {
    const members = new URLSearchParams(search);
    if (members.get(clientMember) === client) return;
    if (client === null) members.delete(clientMember);
    else members.set(clientMember, client);
    navigate(members.size === 0 ? location : `${location}?${members.toString()}`, { replace: true });
  }, [client, location, navigate, search]);
}

const texts = {
  de: { label: "Kunde", all: "Alle Kunden", unnamed: "Ohne Kunde" },
  en: { label: "Client", all: "All clients", unnamed: "Without a client" },
};
