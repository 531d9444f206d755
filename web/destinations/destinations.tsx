// Where leads go, and how each destination is doing.
import { Anchor, Button, Switch } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "wouter";
import { useList } from "../api/list.ts";
import { useMay } from "../api/session.ts";
import type { Destination, DestinationActivity } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { ManagedBy } from "../sources-and-destinations/managed-by.tsx";
import { pathOf } from "../sources-and-destinations/part-kind.ts";
import { useActivity, useForms } from "../sources-and-destinations/part-queries.ts";
import { DataTable } from "../ui/data-table.tsx";
import type { Column } from "../ui/data-table.tsx";
import { Empty } from "../ui/empty.tsx";
import { ListState } from "../ui/list-state.tsx";
import { Page } from "../ui/page.tsx";
import { useSearchValues } from "../ui/search-value.ts";
import { Time } from "../ui/time.tsx";
import { StopDeliveries } from "../shell/delivery-switch.tsx";
import { DestinationHealth } from "./destination-health.tsx";
import { leadsLink, entriesLink } from "./links.ts";

export default function Destinations() {
  const text = useTexts(texts);
  const mayAdd = useMay("configuration.write");
  const [search, setSearch] = useSearchValues();
  const showsRemoved = search.get("removed") === "1";
  const list = useList("destinations", "GET /destinations", { enabled: !showsRemoved });
  const add = (
    <Button component={Link} href="/destinations/new" leftSection={<IconPlus size={17} aria-hidden />}>
      {text.add}
    </Button>
  );
  return (
    <Page
      title={text.title}
      explanation={text.explanation}
      actions={
        mayAdd ? (
          <>
            {add}
            <StopDeliveries />
          </>
        ) : undefined
      }
    >
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
        {(items) => <DestinationTable items={items} />}
      </ListState>
      <Switch
        label={text.showRemoved}
        checked={showsRemoved}
        onChange={(event) => setSearch({ removed: event.currentTarget.checked ? "1" : "" })}
      />
    </Page>
  );
}

function DestinationTable({ items }: { readonly items: readonly Destination[] }) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const activity = useActivity().data?.destinations;
  const kinds = useForms().data?.destinations;
  const of = ({ name }: Destination): DestinationActivity | undefined =>
    activity?.find(({ destination }) => destination === name);
  const linked = (value: number | undefined, href: string): React.ReactNode => {
    if (value === undefined) return "–";
    if (value === 0) return count(0);
    return (
      <Anchor component={Link} href={href} underline="always" inherit>
        {count(value)}
      </Anchor>
    );
  };
  const columns: readonly Column<Destination>[] = [
    {
      name: text.name,
      isRowHeader: true,
      cell: ({ name }) => (
        <Anchor component={Link} href={pathOf("destinations", name)} fw={600} inherit>
          {name}
        </Anchor>
      ),
    },
    {
      name: text.state,
      cell: (item) => <DestinationHealth destination={item} />,
    },
    {
      name: text.kind,
      cell: ({ kind }) => kinds?.find((each) => each.kind === kind)?.label ?? kind,
    },
    {
      name: text.waiting,
      isNumber: true,
      cell: (item) => linked(of(item)?.waiting, leadsLink(item.name, "accepted")),
    },
    {
      name: text.retrying,
      isNumber: true,
      cell: (item) => linked(of(item)?.retrying, entriesLink(item.name, false)),
    },
    {
      name: text.undecided,
      isNumber: true,
      cell: (item) => linked(of(item)?.need_decision, entriesLink(item.name, true)),
    },
    {
      name: text.lastFailure,
      cell: (item) => {
        const at = of(item)?.last_failure?.at;
        return at === undefined ? "–" : <Time iso={at} />;
      },
    },
    { name: text.managed, cell: ({ managed_by: by }) => <ManagedBy by={by} /> },
  ];
  return <DataTable caption={text.title} rows={items} keyOf={({ name }) => name} columns={columns} />;
}

const texts = {
  de: {
    title: "Ziele",
    explanation: "Wohin Leads zugestellt werden: Ihr CRM, eine Automatisierung, ein eigenes Programm.",
    add: "Ziel anlegen",
    empty: "Noch kein Ziel",
    emptyWhy:
      "Leads werden angenommen und aufbewahrt, aber niemand bekommt sie. Legen Sie an, wohin sie zugestellt werden sollen.",
    noneRemoved: "Es wurde kein Ziel entfernt",
    showRemoved: "Entfernte zeigen",
    name: "Ziel",
    state: "Zustand",
    kind: "Art",
    waiting: "In Zustellung",
    retrying: "Wird erneut versucht",
    undecided: "Klärung nötig",
    lastFailure: "Letzter Fehler",
    managed: "Verwaltet",
  },
  en: {
    title: "Destinations",
    explanation: "Where leads are delivered to: your CRM, an automation, a program of your own.",
    add: "Add a destination",
    empty: "No destination yet",
    emptyWhy: "Leads are taken and kept, but nobody gets them. Add where they are to be delivered to.",
    noneRemoved: "No destination was removed",
    showRemoved: "Show removed ones",
    name: "Destination",
    state: "State",
    kind: "Kind",
    waiting: "Being delivered",
    retrying: "Retrying",
    undecided: "Need a decision",
    lastFailure: "Last failure",
    managed: "Managed",
  },
};
