// The clients of an agency: whose sources and destinations there are, and a new client set up like another.
import { Anchor, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { call } from "../api/client.ts";
import { useTexts } from "../language/language.tsx";
import { pathOf } from "../sources-and-destinations/part-kind.ts";
import type { PartKind } from "../sources-and-destinations/part-kind.ts";
import { DataTable } from "../ui/data-table.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { NewClient } from "./new-client.tsx";
import { SettingsPage } from "./settings-page.tsx";

const partsMax = 500;
const partsQuery = { enabled: true, limit: partsMax } as const;

interface ClientParts {
  /** "": what names no client. */
  readonly client: string;
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
}

export default function Clients() {
  const text = useTexts(texts);
  const [isAdding, adding] = useDisclosure(false);
  const clients = useQuery({
    queryKey: ["sources", "clients"],
    queryFn: async ({ signal }) => {
      const [sources, destinations] = await Promise.all([
        call("GET /sources", { query: partsQuery, signal }),
        call("GET /destinations", { query: partsQuery, signal }),
      ]);
      return clientsOf(sources.items, destinations.items);
    },
  });
  return (
    <SettingsPage part="clients" actions={<Button onClick={adding.open}>{text.add}</Button>}>
      <NewClient
        isOpen={isAdding}
        onClose={adding.close}
        templates={(clients.data ?? []).map(({ client }) => client)}
      />
      <QueryState query={clients} loadingRows={4}>
        {(rows) => (
          <DataTable
            caption={text.caption}
            rows={rows}
            keyOf={({ client }) => client}
            columns={[
              { name: text.client, isRowHeader: true, cell: ({ client }) => client || text.none },
              { name: text.sources, cell: ({ sources }) => <Parts kind="sources" names={sources} /> },
              {
                name: text.destinations,
                cell: ({ destinations }) => <Parts kind="destinations" names={destinations} />,
              },
            ]}
          />
        )}
      </QueryState>
    </SettingsPage>
  );
}

function Parts({ kind, names }: { readonly kind: PartKind; readonly names: readonly string[] }) {
  return names.map((name, index) => (
    <span key={name}>
      {index === 0 ? "" : ", "}
      <Anchor component={Link} href={pathOf(kind, name)} inherit underline="always">
        {name}
      </Anchor>
    </span>
  ));
}

interface Part {
  readonly name: string;
  readonly client: string | null;
}

/** By name; that without one first. */
function clientsOf(sources: readonly Part[], destinations: readonly Part[]): readonly ClientParts[] {
  const names = [...new Set([...sources, ...destinations].map(({ client }) => client ?? ""))].toSorted();
  const of = (parts: readonly Part[], client: string): readonly string[] =>
    parts.filter((each) => (each.client ?? "") === client).map(({ name }) => name);
  return names.map((client) => ({
    client,
    sources: of(sources, client),
    destinations: of(destinations, client),
  }));
}

const texts = {
  de: {
    add: "Kunden anlegen",
    caption: "Kunden, ihre Quellen und Ziele",
    client: "Kunde",
    none: "ohne Kunden",
    sources: "Quellen",
    destinations: "Ziele",
  },
  en: {
    add: "Add a client",
    caption: "Clients, their sources and destinations",
    client: "Client",
    none: "no client",
    sources: "Sources",
    destinations: "Destinations",
  },
};
