// What of the log is shown: kinds of entries, who, of which lead, from which days.
import { Checkbox, Group, MultiSelect, TextInput } from "@mantine/core";
import { eventName, eventTypeNames } from "../language/event-names.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { DayField } from "../ui/day-field.tsx";
import { useSearchValues } from "../ui/search-value.ts";

export function LogFilters() {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const [search, change] = useSearchValues();
  const types = search.get("event_type")?.split(",") ?? [];
  const field = (name: string) => ({
    value: search.get(name) ?? "",
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => change({ [name]: event.currentTarget.value }),
  });
  const day = (name: string) => ({
    value: search.get(name) ?? "",
    onChange: (value: string) => change({ [name]: value }),
  });
  return (
    <Group align="flex-end" gap="sm" role="search" aria-label={text.filter}>
      <MultiSelect
        label={text.what}
        placeholder={types.length === 0 ? text.anything : ""}
        data={eventTypeNames
          .map((type) => ({ value: type, label: eventName(type, language) }))
          .toSorted((left, right) => left.label.localeCompare(right.label, language))}
        value={types}
        onChange={(chosen) => change({ event_type: chosen.join(",") })}
        searchable
        clearable
        clearButtonProps={{ "aria-label": text.clear }}
        miw={240}
        maw={480}
      />
      <TextInput label={text.who} placeholder="user:3" {...field("actor")} />
      <TextInput label={text.lead} placeholder={text.leadId} {...field("run_id")} />
      <DayField label={text.from} {...day("from")} />
      <DayField label={text.to} {...day("to")} />
      <Checkbox
        mb={8}
        label={text.healthChecks}
        checked={search.get("health_checks") === "true"}
        onChange={(event) => change({ health_checks: event.currentTarget.checked ? "true" : "" })}
      />
    </Group>
  );
}

const texts = {
  de: {
    filter: "Protokoll filtern",
    what: "Was",
    who: "Wer",
    lead: "Lead",
    leadId: "Nummer des Leads",
    anything: "Alles",
    clear: "Auswahl leeren",
    from: "Von Tag",
    to: "Bis Tag",
    healthChecks: "Auch Funktionsprüfungen",
  },
  en: {
    filter: "Filter the log",
    what: "What",
    who: "Who",
    lead: "Lead",
    leadId: "The lead's id",
    anything: "Anything",
    clear: "Clear the choice",
    from: "From day",
    to: "To day",
    healthChecks: "Health checks, too",
  },
};
