// Agrees on a service level.
import { Button, Group, NativeSelect, Stack, TextInput, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { slaMeasures } from "../../src/domain/figures/sla-kinds.ts";
import type { SlaMeasure } from "../../src/domain/figures/sla-kinds.ts";
import { measureWords } from "../../src/domain/sla/sla-words.ts";
import { call } from "../api/client.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";

interface NewSlaProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function NewSla({ isOpen, onClose }: NewSlaProps) {
  const text = useTexts(texts);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text.title}>
      <NewSlaForm onClose={onClose} />
    </Dialog>
  );
}

/** ISO 3166-2:DE, without `DE-`. */
const germanStates = "BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH".split(" ");

const empty = {
  name: "",
  label: "",
  source: "",
  destination: "",
  client: "",
  within: "5m",
  share: "99%",
  hours: "",
  holidays: "",
};

function NewSlaForm({ onClose }: Pick<NewSlaProps, "onClose">) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [measure, setMeasure] = useState<SlaMeasure>("delivered");
  const [draft, setDraft] = useState(empty);
  const making = useMutation({
    mutationFn: () => call("POST /sla", { body: bodyOf(measure, draft) }),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ["sla"] }),
  });
  const field = (member: keyof typeof empty) => ({
    value: draft[member],
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
      const { value } = event.currentTarget;
      setDraft((before) => ({ ...before, [member]: value }));
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        making.mutate();
      }}
    >
      <Stack>
        <TextInput label={text.name} description={text.nameWhat} required {...field("name")} />
        <TextInput label={text.label} {...field("label")} />
        <NativeSelect
          label={text.measure}
          value={measure}
          data={slaMeasures.map((each) => ({ value: each, label: measureWords[each][language] }))}
          onChange={(event) => setMeasure(event.currentTarget.value as SlaMeasure)}
        />
        {measure === "success" ? null : (
          <TextInput label={text.within} description={text.withinWhat} required {...field("within")} />
        )}
        {measure === "oldest_entry" ? null : <TextInput label={text.share} required {...field("share")} />}
        <TextInput label={text.source} description={text.sourceWhat} {...field("source")} />
        <TextInput label={text.destination} description={text.sourceWhat} {...field("destination")} />
        {measure === "success" ? null : (
          <>
            <Textarea label={text.hours} description={text.hoursWhat} autosize {...field("hours")} />
            <NativeSelect
              label={text.holidays}
              data={[
                { value: "", label: text.noHolidays },
                ...germanStates.map((code) => ({ value: code, label: code })),
              ]}
              {...field("holidays")}
            />
          </>
        )}
        {making.error === null ? null : <ProblemAlert error={making.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {text.cancel}
          </Button>
          <Button type="submit" loading={making.isPending}>
            {text.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What is empty is not said. */
function bodyOf(measure: SlaMeasure, draft: typeof empty): Record<string, unknown> {
  const { name, label, source, destination, within, share, hours, holidays } = draft;
  const rules = hours
    .split("\n")
    .map((rule) => rule.trim())
    .filter((rule) => rule !== "");
  const said: Record<string, unknown> = {
    label,
    source,
    destination,
    within: measure === "success" ? "" : within,
    share: measure === "oldest_entry" ? "" : share,
    opening_hours: measure === "success" || rules.length === 0 ? "" : rules,
    holidays: measure === "success" || rules.length === 0 ? "" : holidays,
  };
  return { name, measure, ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== "")) };
}

const texts = {
  de: {
    title: "Servicelevel anlegen",
    name: "Name",
    nameWhat: "Buchstaben, Ziffern, Punkt, Bindestrich; er bleibt.",
    label: "Bezeichnung",
    measure: "Was wird gemessen?",
    within: "Zeit",
    withinWhat: "30s, 5m, 4h, 2d",
    share: "Anteil",
    source: "Quelle",
    sourceWhat: "Ihr Name; leer: alle.",
    destination: "Ziel",
    hours: "Öffnungszeiten",
    hoursWhat: "Eine Regel je Zeile: mo-fr 08:00-18:00. Leer: Die Uhr zählt immer.",
    holidays: "Feiertage",
    noHolidays: "keine",
    save: "Anlegen",
    cancel: "Abbrechen",
  },
  en: {
    title: "Add a service level",
    name: "Name",
    nameWhat: "Letters, digits, dot, hyphen; it stays.",
    label: "Label",
    measure: "What is measured?",
    within: "Time",
    withinWhat: "30s, 5m, 4h, 2d",
    share: "Share",
    source: "Source",
    sourceWhat: "Its name; empty: all.",
    destination: "Destination",
    hours: "Opening hours",
    hoursWhat: "One rule a line: mon-fri 08:00-18:00. Empty: the clock always counts.",
    holidays: "Public holidays",
    noHolidays: "none",
    save: "Add",
    cancel: "Cancel",
  },
};
