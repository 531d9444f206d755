// No lead fits: because none came yet, because of the filters, or because the id is that of a repeated request.
import { Anchor, Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { call } from "../api/client.ts";
import { useTexts } from "../language/language.tsx";
import { Empty } from "../ui/empty.tsx";
import { useSearchValues } from "../ui/search-value.ts";
import { filterCount, filterNames, searchOf } from "./lead-query.ts";

export function NoLeads() {
  const text = useTexts(texts);
  const [address, change] = useSearchValues();
  const search = searchOf(address);
  if (search === null && filterCount(address) === 0) {
    return (
      <Empty title={text.none} explanation={text.noneWhy}>
        <Button component={Link} href="/sources" mt="sm">
          {text.toSources}
        </Button>
      </Empty>
    );
  }
  return (
    <Empty title={text.noneFits} explanation={text.noneFitsWhy}>
      {search?.kind === "id" ? <LeadOfRepeat id={search.text} /> : null}
      <Button
        variant="default"
        mt="sm"
        onClick={() =>
          change({ q: "", as: "", ...Object.fromEntries(filterNames.map((name) => [name, ""])) })
        }
      >
        {text.showAll}
      </Button>
    </Empty>
  );
}

/** Senders are told the id of what they sent, also where it repeated a lead. */
function LeadOfRepeat({ id }: { readonly id: string }) {
  const text = useTexts(texts);
  const lead = useQuery({
    queryKey: ["lead", id],
    queryFn: ({ signal }) => call("GET /runs/:run_id", { params: { run_id: id }, signal }),
  });
  if (lead.data === undefined) return null;
  return (
    <Text>
      {lead.data.run_id === id.toLowerCase() ? text.hidden : text.repeat}{" "}
      <Anchor component={Link} href={`/leads/${lead.data.run_id}`} underline="always">
        {text.open}
      </Anchor>
    </Text>
  );
}

const texts = {
  de: {
    none: "Noch kein Lead",
    noneWhy:
      "Sobald eine Quelle einen Lead sendet, steht er hier. Wie Ihr Formular das macht, steht bei den Quellen.",
    toSources: "Zu den Quellen",
    noneFits: "Kein Lead passt",
    noneFitsWhy:
      "Zu dieser Suche und diesen Filtern gibt es keinen Lead. E-Mail-Adressen, Telefonnummern und Kennungen werden nur ganz gefunden.",
    showAll: "Alle Leads zeigen",
    hidden: "Diesen Lead gibt es, aber die Filter passen nicht auf ihn.",
    repeat: "Diese Nummer gehört zu einer Wiederholung.",
    open: "Den Lead dazu öffnen",
  },
  en: {
    none: "No lead yet",
    noneWhy:
      "As soon as a source sends a lead, it stands here. How your form does that is told under Sources.",
    toSources: "To the sources",
    noneFits: "No lead fits",
    noneFitsWhy:
      "There is no lead for this search and these filters. Addresses, numbers and keys are found only whole.",
    showAll: "Show all leads",
    hidden: "This lead exists, but the filters do not fit it.",
    repeat: "This id belongs to a repeated request.",
    open: "Open its lead",
  },
};
