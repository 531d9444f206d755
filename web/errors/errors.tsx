// Every code that LeadLedger uses, explained for people: found by what one reads in a message.
import { Anchor, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import type { ErrorExplanation } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Empty } from "../ui/empty.tsx";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { useSearchValues } from "../ui/search-value.ts";
import { ofKnown } from "../../src/domain/attention/state-words.ts";
import { areaNames } from "./area-names.ts";
import classes from "./errors.module.css";
import { SafeState } from "./safe-state.tsx";
import { useErrorExplanations } from "../ui/error-texts.ts";

export default function Errors() {
  const text = useTexts(texts);
  const explanations = useErrorExplanations();
  return (
    <Page title={text.title} explanation={text.explanation}>
      <QueryState query={explanations} loadingRows={10}>
        {({ items }) => <Found all={items} />}
      </QueryState>
    </Page>
  );
}

function Found({ all }: { readonly all: readonly ErrorExplanation[] }) {
  const text = useTexts(texts);
  const areas = useTexts(areaNames);
  const [search, change] = useSearchValues();
  const wanted = search.get("q") ?? "";
  const area = search.get("area") ?? "";
  const found = all.filter((each) => (area === "" || each.area === area) && matches(each, wanted));
  const [shown, setShown] = useState(shownAtFirst);
  const present = [...new Set(all.map((each) => each.area))];
  return (
    <Stack>
      <div className={classes.filters} role="search" aria-label={text.search}>
        <TextInput
          label={text.search}
          placeholder="destination_auth"
          leftSection={<IconSearch size={17} aria-hidden />}
          value={wanted}
          onChange={(event) => change({ q: event.currentTarget.value })}
        />
        <Select
          label={text.area}
          data={present.map((value) => ({ value, label: ofKnown<string>(areas, value, value) }))}
          value={area === "" ? null : area}
          placeholder={text.everywhere}
          clearable
          clearButtonProps={{ "aria-label": text.clear }}
          onChange={(value) => change({ area: value ?? "" })}
        />
      </div>
      <Text size="sm" c="dimmed" role="status">
        {text.found(found.length)}
      </Text>
      {found.length === 0 ? (
        <Empty title={text.empty} explanation={text.emptyWhy} />
      ) : (
        <DataTable
          caption={text.title}
          rows={found.slice(0, shown)}
          keyOf={({ area: where, code }) => `${where} ${code}`}
          columns={[
            { name: text.what, isRowHeader: true, cell: (each) => <Code explanation={each} /> },
            { name: text.safe, cell: ({ safe }) => <SafeState safe={safe} /> },
            { name: text.who, cell: ({ who }) => who },
            { name: text.area, cell: ({ area: where }) => ofKnown<string>(areas, where, where) },
          ]}
        />
      )}
      {found.length > shown ? (
        <Group justify="center">
          <Button variant="default" onClick={() => setShown(found.length)}>
            {text.all(found.length)}
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}

/** Who looks for one code types it; few read them all. */
const shownAtFirst = 30;

function Code({ explanation: { code, title } }: { readonly explanation: ErrorExplanation }) {
  return (
    <div>
      <Anchor component={Link} href={`/errors/${encodeURIComponent(code)}`} underline="always">
        {title}
      </Anchor>
      <Text size="sm" c="dimmed" fw={400} ff="monospace">
        {code}
      </Text>
    </div>
  );
}

function matches({ code, title, what_happened: what }: ErrorExplanation, wanted: string): boolean {
  const text = `${code} ${title} ${what}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const texts = {
  de: {
    title: "Fehler erklärt",
    explanation:
      "Zu jedem Fehlercode, den LeadLedger meldet: was geschehen ist, ob der Lead sicher ist, was zu tun ist und von wem.",
    search: "Suchen nach Code oder Wort",
    area: "Wo er vorkommt",
    everywhere: "Überall",
    clear: "Auswahl leeren",
    found: (count: number) => (count === 1 ? "1 Code" : `${count} Codes`),
    all: (count: number) => `Alle ${count} zeigen`,
    empty: "Nichts gefunden",
    emptyWhy: "Prüfen Sie die Schreibweise, oder suchen Sie nach einem Wort aus der Meldung.",
    what: "Fehler",
    safe: "Lead sicher?",
    who: "Wer etwas tun muss",
  },
  en: {
    title: "Errors explained",
    explanation:
      "For every error code that LeadLedger reports: what happened, whether the lead is safe, what to do, and who must do it.",
    search: "Search by code or word",
    area: "Where it is met",
    everywhere: "Everywhere",
    clear: "Clear the choice",
    found: (count: number) => (count === 1 ? "1 code" : `${count} codes`),
    all: (count: number) => `Show all ${count}`,
    empty: "Nothing found",
    emptyWhy: "Check the spelling, or search for a word of the message.",
    what: "Error",
    safe: "Lead safe?",
    who: "Who must do something",
  },
};
