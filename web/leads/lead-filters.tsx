// What narrows the list of leads, as far as the API's filters go. On a phone it is folded away.
import { Button, Collapse, NativeSelect } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconFilter, IconFilterOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ChangeEvent } from "react";
import { call } from "../api/client.ts";
import { useSourcesEver } from "../ui/source-name.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { DayField } from "../ui/day-field.tsx";
import { useSearchValues } from "../ui/search-value.ts";
import { leadSignText } from "../../src/domain/destinations/receipt-words.ts";
import { arrivals, filterCount, filterNames, standings } from "./lead-query.ts";
import classes from "./leads.module.css";

export function LeadFilters() {
  const text = useTexts(texts);
  const isPhone = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const [isOpen, { toggle }] = useDisclosure(false);
  const [address] = useSearchValues();
  const count = filterCount(address);
  if (!isPhone) return <Filters />;
  return (
    <div>
      <Button
        variant="default"
        fullWidth
        leftSection={<IconFilter size={17} aria-hidden />}
        onClick={toggle}
        aria-expanded={isOpen}
      >
        {text.filters(count)}
      </Button>
      <Collapse expanded={isOpen} mt="sm">
        <Filters />
      </Collapse>
    </div>
  );
}

function Filters() {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const [address, change] = useSearchValues();
  const field = (name: (typeof filterNames)[number]) => ({
    value: address.get(name) ?? "",
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
      change({ [name]: event.currentTarget.value }),
  });
  const day = (name: (typeof filterNames)[number]) => ({
    value: address.get(name) ?? "",
    onChange: (value: string) => change({ [name]: value }),
  });
  return (
    <div className={classes.filters} role="group" aria-label={text.filters(0)}>
      <NativeSelect
        label={text.state}
        data={[
          { value: "", label: text.any },
          ...standings.map((standing) => ({ value: standing, label: text.standings[standing] })),
        ]}
        {...field("state")}
      />
      <NativeSelect
        label={text.arrived}
        data={[
          { value: "", label: text.any },
          ...arrivals.map((arrival) => ({
            value: arrival,
            label: capitalised(leadSignText(arrival, language)),
          })),
        ]}
        {...field("arrived")}
      />
      <SourceSelect {...field("source")} />
      <DestinationSelect {...field("destination")} />
      <DayField label={text.from} {...day("from")} />
      <DayField label={text.to} {...day("to")} />
      <NativeSelect
        label={text.test}
        data={[
          { value: "", label: text.any },
          { value: "false", label: text.noTest },
          { value: "true", label: text.onlyTest },
        ]}
        {...field("test")}
      />
      {filterCount(address) === 0 ? null : (
        <Button
          variant="default"
          justify="flex-start"
          leftSection={<IconFilterOff size={17} aria-hidden />}
          onClick={() => change(Object.fromEntries(filterNames.map((name) => [name, ""])))}
        >
          {text.clear}
        </Button>
      )}
    </div>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

type ChosenProps = Pick<PartSelectProps, "value" | "onChange">;

function SourceSelect(props: ChosenProps) {
  const text = useTexts(texts);
  return <PartSelect label={text.source} parts={useSourcesEver().data?.items ?? []} {...props} />;
}

const destinationsMax = 200;

function DestinationSelect(props: ChosenProps) {
  const text = useTexts(texts);
  const destinations = useQuery({
    queryKey: ["destinations", "names-ever"],
    queryFn: ({ signal }) => call("GET /destinations", { query: { limit: destinationsMax }, signal }),
  });
  return <PartSelect label={text.destination} parts={destinations.data?.items ?? []} {...props} />;
}

interface PartSelectProps {
  readonly label: string;
  readonly parts: readonly { readonly name: string; readonly label?: unknown }[];
  readonly value: string;
  readonly onChange: (event: ChangeEvent<HTMLSelectElement>) => void;
}

/** Those that are configured, and whatever the address names: leads outlive their source. */
function PartSelect({ label, parts, value, onChange }: PartSelectProps) {
  const text = useTexts(texts);
  const shown = new Map(parts.map((part) => [part.name, shownName(part)]));
  if (value !== "" && !shown.has(value)) shown.set(value, value);
  const data = [...shown]
    .map(([name, said]) => ({ value: name, label: said }))
    .toSorted((one, other) => one.label.localeCompare(other.label));
  return (
    <NativeSelect
      label={label}
      data={[{ value: "", label: text.any }, ...data]}
      value={value}
      onChange={onChange}
    />
  );
}

function shownName({ name, label }: PartSelectProps["parts"][number]): string {
  return typeof label === "string" ? label : name;
}

const texts = {
  de: {
    filters: (count: number) => (count === 0 ? "Filter" : `Filter (${count})`),
    any: "Alle",
    state: "Stand",
    arrived: "Wie angekommen",
    source: "Quelle",
    destination: "Probleme mit Ziel",
    from: "Von Tag",
    to: "Bis Tag",
    test: "Testleads",
    noTest: "Ohne Testleads",
    onlyTest: "Nur Testleads",
    clear: "Filter aufheben",
    standings: {
      unfinished: "Noch offen",
      accepted: "In Zustellung",
      delivered: "Zugestellt",
      retrying: "Wird erneut versucht",
      needs_decision: "Klärung nötig",
      given_up: "Aufgegeben",
      refused: "Unlesbar, aufbewahrt",
      no_destination: "Ohne Ziel",
      resolved_by_hand: "Von Hand erledigt",
      withdrawn: "Zurückgezogen",
      failed: "Alles, was gescheitert ist",
    },
  },
  en: {
    filters: (count: number) => (count === 0 ? "Filters" : `Filters (${count})`),
    any: "All",
    state: "State",
    arrived: "How it arrived",
    source: "Source",
    destination: "Trouble at",
    from: "From day",
    to: "To day",
    test: "Test leads",
    noTest: "Without test leads",
    onlyTest: "Only test leads",
    clear: "Clear filters",
    standings: {
      unfinished: "Still open",
      accepted: "Being delivered",
      delivered: "Delivered",
      retrying: "Being retried",
      needs_decision: "Needs a decision",
      given_up: "Given up",
      refused: "Unreadable, kept",
      no_destination: "Without destination",
      resolved_by_hand: "Settled by hand",
      withdrawn: "Withdrawn",
      failed: "Everything that failed",
    },
  },
};
