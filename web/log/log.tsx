// Everything that happened, and who did it, with filters that stand in the address.
import { Anchor } from "@mantine/core";
import { Link } from "wouter";
import { useList } from "../api/list.ts";
import { actorName } from "../language/actor-name.ts";
import { eventName } from "../language/event-names.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { dayLimit, endOfDay, startOfDay } from "../language/zoned-day.ts";
import { DataTable } from "../ui/data-table.tsx";
import { Empty } from "../ui/empty.tsx";
import { ListState } from "../ui/list-state.tsx";
import { Page } from "../ui/page.tsx";
import { useSearchValues } from "../ui/search-value.ts";
import { Time } from "../ui/time.tsx";
import { EventDetails } from "./event-details.tsx";
import { LogFilters } from "./log-filters.tsx";

export default function Log() {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const { timezone, zoneName } = useFormat();
  const [search] = useSearchValues();
  const list = useList("log", "GET /audit-events", filterOf(search, timezone));
  return (
    <Page title={text.title} explanation={text.explanation}>
      <LogFilters />
      <ListState list={list} empty={<Empty title={text.empty} explanation={text.emptyWhy} />}>
        {(events) => (
          <DataTable
            caption={text.title}
            rows={events}
            keyOf={({ event_id: id }) => id}
            columns={[
              { name: text.when(zoneName()), cell: ({ event_time: at }) => <Time iso={at} isFull /> },
              {
                name: text.what,
                isRowHeader: true,
                cell: ({ event_type: type }) => eventName(type, language),
              },
              { name: text.who, cell: ({ actor, actor_name: name }) => actorName(actor, language, name) },
              { name: text.lead, cell: ({ run_id: id }) => (id === null ? "–" : <LeadLink id={id} />) },
              { name: text.details, cell: (event) => <EventDetails event={event} /> },
            ]}
          />
        )}
      </ListState>
    </Page>
  );
}

const shortIdCharacters = 8;

function LeadLink({ id }: { readonly id: string }) {
  return (
    <Anchor component={Link} href={`/leads/${id}`} ff="monospace" size="sm" underline="always">
      …{id.slice(-shortIdCharacters)}
    </Anchor>
  );
}

const wholeId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Members of the address and of the API's filter have the same names, but for days. */
function filterOf(search: URLSearchParams, timezone: string) {
  const lead = (search.get("run_id") ?? "").trim();
  return {
    event_type: search.get("event_type")?.split(",") ?? null,
    actor: search.get("actor"),
    // While it is being typed it names no lead.
    run_id: wholeId.test(lead) ? lead : null,
    time_from: dayLimit(search.get("from"), timezone, startOfDay),
    time_to: dayLimit(search.get("to"), timezone, endOfDay),
    health_checks: search.get("health_checks") === "true" ? true : null,
  };
}

const texts = {
  de: {
    title: "Protokoll",
    explanation:
      "Alles, was geschehen ist, und wer es war. Das Protokoll lässt sich nicht ändern; Personendaten sind verdeckt.",
    empty: "Keine Einträge",
    emptyWhy: "Zu diesen Filtern gibt es keinen Protokolleintrag. Nehmen Sie einen Filter weg.",
    when: (zone: string) => `Wann (${zone})`,
    what: "Was",
    who: "Wer",
    lead: "Lead",
    details: "Einzelheiten",
  },
  en: {
    title: "Log",
    explanation:
      "Everything that happened, and who did it. The log cannot be changed; person data is masked.",
    empty: "No entries",
    emptyWhy: "No log entry fits these filters. Take one of them away.",
    when: (zone: string) => `When (${zone})`,
    what: "What",
    who: "Who",
    lead: "Lead",
    details: "Details",
  },
};
