// Where leads come from, and how each source is doing.
import { Alert, Anchor, Button, Code, Switch, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlus } from "@tabler/icons-react";
import { Link } from "wouter";
import { useList } from "../api/list.ts";
import { useMay } from "../api/session.ts";
import type { Source, SourceActivity } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { ManagedBy } from "../sources-and-destinations/managed-by.tsx";
import { pathOf } from "../sources-and-destinations/part-kind.ts";
import { useActivity } from "../sources-and-destinations/part-queries.ts";
import { DataTable } from "../ui/data-table.tsx";
import { Empty } from "../ui/empty.tsx";
import { ListState } from "../ui/list-state.tsx";
import { Page } from "../ui/page.tsx";
import { useSearchValues } from "../ui/search-value.ts";
import { Time } from "../ui/time.tsx";
import { SourceHealth } from "./source-health.tsx";

export default function Sources() {
  const text = useTexts(texts);
  const mayAdd = useMay("configuration.write");
  const [search, setSearch] = useSearchValues();
  const showsRemoved = search.get("removed") === "1";
  const list = useList("sources", "GET /sources", { enabled: !showsRemoved });
  const activity = useActivity().data?.sources;
  const add = (
    <Button component={Link} href="/sources/new" leftSection={<IconPlus size={17} aria-hidden />}>
      {text.add}
    </Button>
  );
  return (
    <Page title={text.title} explanation={text.explanation} actions={mayAdd ? add : undefined}>
      <Strangers activity={activity ?? []} />
      <ListState
        list={list}
        empty={
          showsRemoved ? (
            <Empty title={text.noneRemoved} />
          ) : (
            <Empty title={text.empty} explanation={text.emptyWhy}>
              {mayAdd ? add : null}
            </Empty>
          )
        }
      >
        {(items) => <SourceTable items={items} activity={activity} />}
      </ListState>
      <Switch
        label={text.showRemoved}
        checked={showsRemoved}
        onChange={(event) => setSearch({ removed: event.currentTarget.checked ? "1" : "" })}
      />
    </Page>
  );
}

interface SourceTableProps {
  readonly items: readonly Source[];
  readonly activity: readonly SourceActivity[] | undefined;
}

function SourceTable({ items, activity }: SourceTableProps) {
  const text = useTexts(texts);
  const { count, percent } = useFormat();
  const of = ({ name }: Source): SourceActivity | undefined =>
    activity?.find(({ source }) => source === name);
  return (
    <DataTable
      caption={text.title}
      rows={items}
      keyOf={({ name }) => name}
      columns={[
        {
          name: text.name,
          isRowHeader: true,
          cell: ({ name, label }) => (
            <>
              <Anchor component={Link} href={pathOf("sources", name)} fw={600} inherit>
                {label ?? name}
              </Anchor>
              {label === null ? null : (
                <Text size="sm" c="dimmed">
                  {name}
                </Text>
              )}
            </>
          ),
        },
        { name: text.state, cell: (source) => <SourceHealth source={source} /> },
        {
          name: text.lastLead,
          cell: (source) => {
            const at = of(source)?.last_received_at ?? null;
            return at === null ? "–" : <Time iso={at} />;
          },
        },
        {
          name: text.today,
          isNumber: true,
          cell: (source) => {
            const { received_today: received } = of(source) ?? {};
            return received === undefined ? "–" : count(received);
          },
        },
        {
          name: text.failed,
          isNumber: true,
          cell: (source) => {
            const { received_today: received = 0, failed_today: failed = 0 } = of(source) ?? {};
            return received === 0 ? "–" : `${count(failed)} (${percent(failed / received)})`;
          },
        },
        { name: text.managed, cell: ({ managed_by: by }) => <ManagedBy by={by} /> },
      ]}
    />
  );
}

/** Somebody sends under names that nobody made a source for. */
function Strangers({ activity }: { readonly activity: readonly SourceActivity[] }) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const strangers = activity.filter(
    ({ is_configured: isKnown, refused_last_24h: refused }) => !isKnown && refused.length > 0,
  );
  if (strangers.length === 0) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={text.strangers}>
      <Text size="sm">{text.strangersWhy}</Text>
      {strangers.map(({ source, refused_last_24h: refused }) => (
        <Text size="sm" key={source}>
          <Code>{source}</Code> {text.requests(count(refused.reduce((sum, each) => sum + each.count, 0)))}
        </Text>
      ))}
    </Alert>
  );
}

const texts = {
  de: {
    title: "Quellen",
    explanation: "Wer Leads einliefern darf: Ihre Website, Landingpages, Werkzeuge und Partner.",
    add: "Quelle anlegen",
    empty: "Noch keine Quelle",
    emptyWhy:
      "Eine Quelle ist ein Absender, zum Beispiel das Kontaktformular Ihrer Website. Sie bekommt eine Adresse und ein Geheimnis; was dorthin gesendet wird, kommt hier an.",
    noneRemoved: "Es wurde keine Quelle entfernt",
    showRemoved: "Entfernte zeigen",
    name: "Quelle",
    state: "Zustand",
    lastLead: "Letzter Lead",
    today: "Heute",
    failed: "Davon fehlgeschlagen",
    managed: "Verwaltet",
    strangers: "Jemand sendet unter Namen, die es nicht gibt",
    strangersWhy:
      "Diese Anfragen der letzten 24 Stunden wurden abgewiesen und nicht gespeichert. Ist der Name beim Absender vertippt, oder fehlt hier eine Quelle?",
    requests: (count: string) => `${count} Anfragen`,
  },
  en: {
    title: "Sources",
    explanation: "Who may send leads: your website, landing pages, tools and partners.",
    add: "Add a source",
    empty: "No source yet",
    emptyWhy:
      "A source is a sender, for example the contact form of your website. It gets an address and a secret; what is sent there arrives here.",
    noneRemoved: "No source was removed",
    showRemoved: "Show removed ones",
    name: "Source",
    state: "State",
    lastLead: "Last lead",
    today: "Today",
    failed: "Of these failed",
    managed: "Managed",
    strangers: "Somebody sends under names that do not exist",
    strangersWhy:
      "These requests of the last 24 hours were refused and not stored. Is the name mistyped at the sender, or is a source missing here?",
    requests: (count: string) => `${count} requests`,
  },
};
