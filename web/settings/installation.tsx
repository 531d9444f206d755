// What holds for everybody: the reporting time zone, what is masked, and how the installation is doing.
import { Button, Select, Stack, Switch, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { UseMutationResult } from "@tanstack/react-query";
import { useState } from "react";
import { call, callWithEtag } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import type { Settings } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { SettingsPage } from "./settings-page.tsx";

const formWidth = 520;
const key = ["settings", "all"] as const;

interface SettingsChange {
  readonly change: Partial<Pick<Settings, "timezone" | "masked_pointers" | "names_in_lists">>;
  readonly etag: string | null;
}

export default function InstallationSettings() {
  const settings = useQuery({
    queryKey: key,
    queryFn: () => callWithEtag("GET /settings"),
  });
  const queries = useQueryClient();
  const saving = useMutation({
    mutationFn: ({ change, etag }: SettingsChange) =>
      callWithEtag("PATCH /settings", { body: change, ifMatch: etag }),
    onSuccess: async (saved) => {
      queries.setQueryData(key, saved);
      await queries.invalidateQueries({ queryKey: ["settings"] });
    },
  });
  const maySeeSystem = useMay("system.read");
  return (
    <SettingsPage part="installation">
      <QueryState query={settings}>
        {({ body, etag }) => (
          // Another's change brings new values, and the form begins with them.
          <SettingsForm key={etag} settings={body} etag={etag} saving={saving} />
        )}
      </QueryState>
      {maySeeSystem ? <Condition /> : null}
    </SettingsPage>
  );
}

interface SettingsFormProps {
  readonly settings: Settings;
  readonly etag: string | null;
  readonly saving: UseMutationResult<unknown, Error, SettingsChange>;
}

function SettingsForm({ settings, etag, saving }: SettingsFormProps) {
  const text = useTexts(texts);
  const mayChange = useMay("settings.write");
  const [timezone, setTimezone] = useState(settings.timezone);
  const [pointers, setPointers] = useState(settings.masked_pointers.join("\n"));
  const [namesInLists, setNamesInLists] = useState(settings.names_in_lists);
  const isFromFile = settings.timezone_managed_by === "file";
  const wantedPointers = pointers
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return (
    <Card title={text.settings}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate({
            change: {
              ...(isFromFile ? {} : { timezone }),
              masked_pointers: wantedPointers,
              names_in_lists: namesInLists,
            },
            etag,
          });
        }}
      >
        <Stack maw={formWidth}>
          <Select
            label={text.timezone}
            description={isFromFile ? text.timezoneFromFile : text.timezoneWhat}
            data={zones(settings.timezone)}
            searchable
            allowDeselect={false}
            disabled={isFromFile || !mayChange}
            value={timezone}
            onChange={(value) => setTimezone(value ?? timezone)}
          />
          <Textarea
            label={text.masked}
            description={text.maskedWhat}
            placeholder="/antrag/kennzeichen"
            autosize
            minRows={3}
            readOnly={!mayChange}
            value={pointers}
            onChange={(event) => setPointers(event.currentTarget.value)}
          />
          <Switch
            label={text.names}
            description={text.namesWhat}
            disabled={!mayChange}
            checked={namesInLists}
            onChange={(event) => setNamesInLists(event.currentTarget.checked)}
          />
          {saving.error === null ? null : <ProblemAlert error={saving.error} />}
          <Text role="status" size="sm" c="var(--good)">
            {saving.isSuccess ? text.saved : ""}
          </Text>
          {mayChange ? (
            <Button type="submit" loading={saving.isPending}>
              {text.save}
            </Button>
          ) : null}
        </Stack>
      </form>
    </Card>
  );
}

function zones(current: string): string[] {
  return [...new Set([current, ...Intl.supportedValuesOf("timeZone")])];
}

function Condition() {
  const text = useTexts(texts);
  const { count, time, zoneName } = useFormat();
  const condition = useQuery({
    queryKey: ["settings", "system"],
    queryFn: () => call("GET /system"),
  });
  return (
    <Card title={text.condition}>
      <QueryState query={condition} loadingRows={3}>
        {(system) => (
          <Facts
            facts={[
              [text.version, system.version],
              ["PostgreSQL", system.postgresql_version],
              [text.size, `${count(Math.round(system.database_bytes / bytesPerMb))} MB`],
              [text.now, `${time(system.now)} ${zoneName()}`],
              [text.nodeRuns, system.node_runs ? text.yes : text.no],
              [text.overdue, count(system.overdue)],
            ]}
          />
        )}
      </QueryState>
    </Card>
  );
}

const bytesPerMb = 1024 * 1024;

const texts = {
  de: {
    settings: "Gilt für alle",
    timezone: "Zeitzone der Auswertungen",
    timezoneWhat: "In ihr beginnen und enden die Tage. Eine andere Zeitzone zählt alle Tage neu.",
    timezoneFromFile: "Steht in leadledger.yaml und wird dort geändert.",
    masked: "Zusätzlich verdeckte Felder",
    maskedWhat:
      "Ein JSON Pointer je Zeile. Namen, Adressen und Nummern, die LeadLedger selbst erkennt, sind immer verdeckt.",
    names: "Namen in Listen zeigen",
    namesWhat:
      "Wer Personendaten sehen darf (ab Vertrieb), sieht in der Liste der Leads Namen und Ort. Wer wann welche gesehen hat, wird festgehalten.",
    save: "Speichern",
    saved: "Gespeichert.",
    condition: "Zustand",
    version: "LeadLedger",
    size: "Größe der Datenbank",
    now: "Uhrzeit der Datenbank",
    nodeRuns: "Laufende Aufgaben werden erledigt",
    overdue: "Zustellungen, die seit über fünf Minuten fällig sind",
    yes: "ja",
    no: "nein, kein Server läuft",
  },
  en: {
    settings: "Holds for everybody",
    timezone: "Time zone of the figures",
    timezoneWhat: "Days begin and end in it. Another time zone counts all days afresh.",
    timezoneFromFile: "It stands in leadledger.yaml and is changed there.",
    masked: "Fields masked in addition",
    maskedWhat:
      "One JSON pointer a line. Names, addresses and numbers that LeadLedger recognises are always masked.",
    names: "Show names in lists",
    namesWhat:
      "Who may see person data (sales and up) sees name and place in the list of leads. Who saw which, and when, is recorded.",
    save: "Save",
    saved: "Saved.",
    condition: "Condition",
    version: "LeadLedger",
    size: "Size of the database",
    now: "The database's time",
    nodeRuns: "Standing tasks are done",
    overdue: "Deliveries due for more than five minutes",
    yes: "yes",
    no: "no, no server runs",
  },
};
