// Cases one by one, those that the address asks for; some of them, or all of a cause, can be worked on at once.
import { Anchor, Button, Checkbox, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "wouter";
import { call } from "../api/client.ts";
import { useList } from "../api/list.ts";
import { useMay } from "../api/session.ts";
import type { Entry } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { DataTable } from "../ui/data-table.tsx";
import type { Column } from "../ui/data-table.tsx";
import { Empty } from "../ui/empty.tsx";
import { ListState } from "../ui/list-state.tsx";
import { Page } from "../ui/page.tsx";
import classes from "./attention.module.css";
import { BulkActions } from "./bulk-actions.tsx";
import { isUnrouted } from "./cause.tsx";
import type { Kind } from "./cause.tsx";
import { useEntryColumns } from "./entry-columns.tsx";
import { filterIn, onlyValue } from "./entry-filter.ts";
import type { EntryFilter } from "./entry-filter.ts";
import { chosenShow, showSearch, shows } from "./entry-shows.ts";
import type { Show } from "./entry-shows.ts";

/** As many ids as a filter may name. */
const chosenMax = 1_000;

export default function Entries() {
  const text = useTexts(texts);
  const [search, setSearch] = useSearchParams();
  const asked = filterIn(search);
  const show = chosenShow(asked);
  const filter: EntryFilter = { status: ["open", "retrying"], ...asked };
  const list = useList("entries", "GET /dlq", filter);
  const place = onlyValue(filter, "destination") ?? onlyValue(filter, "source");
  return (
    <Page
      title={place === null ? text.title : text.titleOf(place)}
      explanation={text.explanation}
      actions={
        <Anchor component={Link} href="/attention">
          {text.byCause}
        </Anchor>
      }
    >
      <Group align="flex-end" gap="md">
        <NativeSelect
          label={text.show}
          value={show}
          onChange={({ currentTarget: { value } }) => setSearch(showSearch(search, value as Show))}
          data={shows.map((value) => ({ value, label: text.shows[value] }))}
        />
        {onlyValue(filter, "error_code") === null ? null : (
          <Text size="sm" c="dimmed" pb={8}>
            {text.onlyCode}{" "}
            <Anchor
              component={Link}
              href={`/errors/${onlyValue(filter, "error_code") ?? ""}`}
              underline="always"
            >
              {onlyValue(filter, "error_code")}
            </Anchor>
          </Text>
        )}
      </Group>
      <ListState list={list} empty={<Empty title={text.none} explanation={text.noneWhy} />}>
        {(entries) => (
          // Another list has another selection.
          <Chooser key={search.toString()} entries={entries} filter={filter} show={show} />
        )}
      </ListState>
    </Page>
  );
}

interface ChooserProps {
  readonly entries: readonly Entry[];
  readonly filter: EntryFilter;
  readonly show: Show;
}

function Chooser({ entries, filter, show }: ChooserProps) {
  const text = useTexts(texts);
  const mayWork = useMay("dlq.work");
  const [chosen, setChosen] = useState<ReadonlySet<number> | "all">(new Set());
  const columns = useEntryColumns();
  const isChosen = (id: number): boolean => chosen === "all" || chosen.has(id);
  const choose = (ids: readonly number[], isWanted: boolean): void => {
    const before = chosen === "all" ? entries.map(({ dlq_id: id }) => id) : [...chosen];
    const rest = before.filter((id) => !ids.includes(id));
    setChosen(new Set(isWanted ? [...rest, ...ids].slice(0, chosenMax) : rest));
  };
  const choice: Column<Entry> = {
    name: text.choice,
    cell: ({ dlq_id: id }) => (
      <Checkbox
        checked={isChosen(id)}
        onChange={(event) => choose([id], event.currentTarget.checked)}
        aria-label={text.choose(id)}
      />
    ),
  };
  return (
    <Stack gap="sm">
      {mayWork ? <ChosenBar {...{ entries, filter, show, chosen, setChosen, choose }} /> : null}
      <DataTable
        caption={text.title}
        rows={entries}
        keyOf={({ dlq_id: id }) => id}
        columns={mayWork ? [choice, ...columns] : columns}
      />
    </Stack>
  );
}

interface ChosenBarProps extends ChooserProps {
  readonly chosen: ReadonlySet<number> | "all";
  readonly setChosen: (chosen: ReadonlySet<number> | "all") => void;
  readonly choose: (ids: readonly number[], isWanted: boolean) => void;
}

function ChosenBar({ entries, filter, show, chosen, setChosen, choose }: ChosenBarProps) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const loaded = entries.slice(0, chosenMax).map(({ dlq_id: id }) => id);
  const total = useQuery({
    // A name of its own: counting anew at every event would cost more than it tells; the dialog counts again.
    queryKey: ["entry-count", filter],
    queryFn: () => call("POST /operations/preview", { body: { action: "dlq.retry", filter } }),
  }).data?.total;
  const number = chosen === "all" ? (total ?? loaded.length) : chosen.size;
  const onlyKind = filter.kind?.length === 1 ? (filter.kind[0] ?? null) : null;
  const chosenOnes = chosen === "all" ? entries : entries.filter(({ dlq_id: id }) => chosen.has(id));
  const kind = chosen === "all" ? onlyKind : kindOf(chosenOnes);
  const target =
    chosen === "all"
      ? filter
      : {
          dlq_id: [...chosen].toSorted((one, other) => one - other),
          ...(filter.status === undefined ? {} : { status: filter.status }),
        };
  return (
    <Group className={classes.chosenBar ?? ""} gap="md">
      <Checkbox
        label={text.chooseLoaded(count(loaded.length))}
        checked={chosen === "all" || (chosen.size > 0 && chosen.size >= loaded.length)}
        indeterminate={chosen !== "all" && chosen.size > 0 && chosen.size < loaded.length}
        onChange={(event) => choose(loaded, event.currentTarget.checked)}
      />
      {chosen === "all" || total === undefined || total <= loaded.length ? null : (
        <Button variant="subtle" onClick={() => setChosen("all")}>
          {text.chooseAll(count(total))}
        </Button>
      )}
      <Text size="sm" fw={550} role="status">
        {number === 0 ? text.nothingChosen : text.chosen(count(number))}
      </Text>
      {number === 0 ? null : (
        <BulkActions
          filter={target}
          kind={kind}
          areUnrouted={chosenOnes.every(isUnrouted)}
          areClosed={show === "resolved" || show === "dead"}
          about={text.chosen(count(number))}
        />
      )}
    </Group>
  );
}

/** What can be done to all of them as to one of this kind; null: they differ, and each is treated as far as it can be. */
function kindOf(chosen: readonly Entry[]): Kind | null {
  const kinds = new Set(chosen.map(({ kind }) => kind));
  const [first = null] = kinds;
  if (kinds.size === 1) return first;
  // Of these, nothing can be delivered again, and to discard one is not to settle another.
  return kinds.has("delivery") || kinds.has("replay") ? null : "conflict";
}

const texts = {
  de: {
    title: "Klärfälle einzeln",
    titleOf: (place: string) => `Klärfälle: ${place}`,
    explanation:
      "Der neueste zuerst. Öffnen Sie einen, um zu sehen, was geschehen ist und was Sie tun können.",
    byCause: "Nach Ursache",
    show: "Zeigen",
    shows: {
      open: "Offene",
      undecided: "Nur was Klärung braucht",
      resolved: "Erledigte",
      dead: "Nicht mehr zugestellte",
      all: "Alle, auch abgeschlossene",
    },
    onlyCode: "Nur mit der Ursache",
    none: "Keine solchen Klärfälle",
    noneWhy: "Entweder sind sie inzwischen erledigt, oder die Auswahl oben passt auf keinen.",
    choice: "Auswahl",
    choose: (id: number) => `Klärfall ${id} auswählen`,
    chooseLoaded: (number: string) => `Die ${number} gezeigten auswählen`,
    chooseAll: (number: string) => `Alle ${number} auswählen`,
    nothingChosen: "Nichts ausgewählt",
    chosen: (number: string) => `${number} ausgewählt`,
  },
  en: {
    title: "Cases one by one",
    titleOf: (place: string) => `Needs attention: ${place}`,
    explanation: "The newest first. Open one to see what happened and what you can do.",
    byCause: "By cause",
    show: "Show",
    shows: {
      open: "Open ones",
      undecided: "Only what needs a decision",
      resolved: "Settled ones",
      dead: "Given up",
      all: "All, closed ones too",
    },
    onlyCode: "Only with the cause",
    none: "No such cases",
    noneWhy: "Either they are settled by now, or the selection above fits none.",
    choice: "Choice",
    choose: (id: number) => `Choose case ${id}`,
    chooseLoaded: (number: string) => `Choose the ${number} shown`,
    chooseAll: (number: string) => `Choose all ${number}`,
    nothingChosen: "Nothing chosen",
    chosen: (number: string) => `${number} chosen`,
  },
};
