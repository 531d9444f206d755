// The list of leads: found by what somebody knows of them, narrowed by filters that stand in the address.
import { Alert, Anchor, Badge, Button, Stack } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { Link } from "wouter";
import { useMay } from "../api/session.ts";
import type { Lead } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { DataTable } from "../ui/data-table.tsx";
import type { Column } from "../ui/data-table.tsx";
import { LeadState } from "../ui/lead-state.tsx";
import { ListState } from "../ui/list-state.tsx";
import { Page } from "../ui/page.tsx";
import { useSearchValues } from "../ui/search-value.ts";
import { Time } from "../ui/time.tsx";
import { useHeldLeads } from "./held-leads.ts";
import { LeadFilters } from "./lead-filters.tsx";
import { isPersonal, leadFilter, searchOf } from "./lead-query.ts";
import type { LeadFilter } from "./lead-query.ts";
import { LeadSearch } from "./lead-search.tsx";
import classes from "./leads.module.css";
import { LeadConcern, LeadPlace, LeadWho } from "./lead-who.tsx";
import { NoLeads } from "./no-leads.tsx";
import { useSourceName } from "../ui/source-name.ts";

export default function Leads() {
  const text = useTexts(texts);
  const { timezone } = useFormat();
  const [address] = useSearchValues();
  const mayFindPersons = useMay("persons.read");
  const search = searchOf(address);
  const isForbidden = !mayFindPersons && search !== null && isPersonal(search.kind);
  return (
    <Page title={text.title} explanation={text.explanation}>
      <LeadSearch />
      <LeadFilters />
      {isForbidden ? null : <FoundLeads filter={leadFilter(address, timezone)} />}
    </Page>
  );
}

function FoundLeads({ filter }: { readonly filter: LeadFilter }) {
  const text = useTexts(texts);
  const { zoneName } = useFormat();
  const sourceName = useSourceName();
  const { list, newCount, hasMoreNew, showNew } = useHeldLeads(filter);
  const columns: readonly Column<Lead>[] = [
    { name: text.when(zoneName()), isRowHeader: true, cell: (lead) => <LeadLink lead={lead} /> },
    { name: text.who, cell: ({ lead }) => <LeadWho lead={lead} /> },
    { name: text.place, cell: ({ lead }) => <LeadPlace lead={lead} /> },
    { name: text.concern, cell: ({ lead }) => <LeadConcern lead={lead} /> },
    { name: text.source, cell: ({ source }) => sourceName(source) },
    { name: text.state, cell: (lead) => <State lead={lead} /> },
  ];
  return (
    <div>
      <div role="status" className={classes.news}>
        {newCount === 0 ? null : (
          <Button size="compact-md" radius="xl" leftSection={<IconArrowUp size={16} />} onClick={showNew}>
            {text.showNew(newCount, hasMoreNew)}
          </Button>
        )}
      </div>
      <ListState list={list} empty={<NoLeads />}>
        {(leads) => (
          <Stack>
            {leads.some((lead) => lead.names_withheld) ? (
              <Alert color="yellow" title={text.withheld}>
                {text.withheldWhy}
              </Alert>
            ) : null}
            <DataTable caption={text.title} columns={columns} rows={leads} keyOf={({ run_id: id }) => id} />
          </Stack>
        )}
      </ListState>
    </div>
  );
}

function LeadLink({ lead: { run_id: id, received_at: at } }: { readonly lead: Lead }) {
  return (
    <Anchor
      component={Link}
      href={`/leads/${id}`}
      size="sm"
      underline="always"
      className={classes.wholeRow ?? ""}
    >
      <Time iso={at} isFull />
    </Anchor>
  );
}

function State({ lead }: { readonly lead: Lead }) {
  const text = useTexts(texts);
  return (
    <span className={classes.state}>
      <LeadState lead={lead} />
      {lead.test ? (
        <Badge variant="outline" size="sm" className={classes.test ?? ""}>
          {text.test}
        </Badge>
      ) : null}
    </span>
  );
}

const texts = {
  de: {
    title: "Leads",
    explanation: "Jeder Lead, der eingegangen ist, und wo er jetzt steht. Neue erscheinen von selbst.",
    when: (zone: string) => `Eingang (${zone})`,
    source: "Quelle",
    state: "Stand",
    who: "Wer",
    place: "Ort",
    concern: "Anliegen",
    test: "Test",
    withheld: "Namen und Orte sind gerade verdeckt",
    withheldWhy:
      "Wer sie sieht, wird vermerkt, und das war eben nicht möglich. Laden Sie die Liste später neu; bleibt es so, sehen Sie nach der Datenbank.",
    showNew: (count: number, hasMore: boolean) =>
      count === 1 ? "Einen neuen Lead anzeigen" : `${count}${hasMore ? "+" : ""} neue Leads anzeigen`,
  },
  en: {
    title: "Leads",
    explanation: "Every lead that arrived, and where it stands now. New ones appear by themselves.",
    when: (zone: string) => `Received (${zone})`,
    source: "Source",
    state: "State",
    who: "Who",
    place: "Place",
    concern: "Concern",
    test: "Test",
    withheld: "Names and places are masked just now",
    withheldWhy:
      "Who sees them is recorded, and that was not possible a moment ago. Load the list again later; if it lasts, look after the database.",
    showNew: (count: number, hasMore: boolean) =>
      count === 1 ? "Show one new lead" : `Show ${count}${hasMore ? "+" : ""} new leads`,
  },
};
