// Where the fields of a source's leads come from: a rule for each member, tried on a real lead as one types.
import { Alert, Anchor, Button, Group, Stack, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { isMappedMember } from "../../src/domain/leads/map-rules.ts";
import { writeExactly } from "../../src/domain/values/exact-json.ts";
import { call } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import type { MapPreview, Source } from "../api/types.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { pathOf } from "../sources-and-destinations/part-kind.ts";
import { useChangePart, usePart } from "../sources-and-destinations/part-queries.ts";
import { Card } from "../ui/card.tsx";
import { CopyText } from "../ui/copy-text.tsx";
import { Page } from "../ui/page.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { mapDraftOf, mapOf, noRule, placesIn } from "../sources-and-destinations/map-draft.ts";
import { MapMember } from "./map-member.tsx";
import { bodyOf, MapSample } from "../sources-and-destinations/map-sample.tsx";
import type { Sample } from "../sources-and-destinations/map-sample.tsx";
import classes from "../sources-and-destinations/map.module.css";

export default function MapEditor() {
  const text = useTexts(texts);
  const { name = "" } = useParams();
  const part = usePart("sources", name);
  return (
    <Page
      title={text.title(part.data?.body.label ?? name)}
      explanation={text.explanation}
      actions={
        <Anchor component={Link} href={pathOf("sources", name)}>
          {text.back}
        </Anchor>
      }
    >
      <QueryState query={part} loadingRows={12}>
        {({ body, etag }) => <Editing source={body} etag={etag} />}
      </QueryState>
    </Page>
  );
}

/** Begins with what the source says when this is first shown; changes by others are noticed when it is saved. */
function Editing({ source, etag }: { readonly source: Source; readonly etag: string | null }) {
  const [{ stored, version }] = useState({ stored: source, version: etag });
  const [draft, setDraft] = useState(() => mapDraftOf(stored.map));
  const [country, setCountry] = useState<string>(stored.country);
  const [sample, setSample] = useState<Sample>({ kind: "newest" });
  const map = mapOf(draft, stored.map);
  const { preview, error } = usePreview(source.name, sample, { map, country });
  const problems = problemsOf(error);
  const places = placesIn(preview?.body);
  return (
    <div className={classes.columns}>
      <MembersCard
        {...{ draft, preview, places, problems, country, setCountry }}
        onRule={(name, rule) => setDraft({ ...draft, [name]: rule })}
        footer={
          <Saving
            source={source}
            version={version}
            change={{ map, country }}
            isChanged={
              writeExactly({ map, country }) !== writeExactly({ map: stored.map, country: stored.country })
            }
          />
        }
      />
      <div className={classes.sample}>
        <MapSample source={source.name} sample={sample} preview={preview} onChange={setSample} />
        {error === null || problems.isInPlace ? null : <ProblemAlert error={error} />}
      </div>
    </div>
  );
}

interface Reading {
  readonly map: Readonly<Record<string, unknown>> | null;
  readonly country: string;
}

/** What the server makes of it. While something is wrong, the last that was right stays. */
function usePreview(
  source: string,
  sample: Sample,
  reading: Reading,
): { readonly preview: MapPreview | null; readonly error: Error | null } {
  const { language } = useLanguage();
  const [json] = useDebouncedValue(orderOf(sample, reading), typingMs);
  const query = useQuery({
    queryKey: ["map-preview", source, json, language],
    queryFn: ({ signal }) =>
      call("POST /sources/:name/map-preview", { params: { name: source }, json: json ?? "{}", signal }),
    enabled: json !== null,
    retry: false,
  });
  const [last, setLast] = useState<MapPreview | null>(null);
  if (query.data !== undefined && query.data !== last) setLast(query.data);
  return { preview: last, error: query.error };
}

/** null: what was pasted cannot be read. */
function orderOf(sample: Sample, { map, country }: Reading): string | null {
  const rules = { map, country };
  switch (sample.kind) {
    case "newest":
      return writeExactly(rules);
    case "stored":
      return writeExactly({ ...rules, run_id: sample.runId });
    case "shown":
    case "pasted": {
      const body = bodyOf(sample.json);
      return body === null ? null : `${writeExactly(rules).slice(0, -1)},"body":${body}}`;
    }
  }
}

interface Problems {
  /** `place`: `country`, `map.town`. */
  readonly at: (place: string) => readonly string[];
  readonly isInPlace: boolean;
}

function problemsOf(error: Error | null): Problems {
  const found = error instanceof ApiProblem ? error.problems : [];
  const isAt = (place: string, said: string): boolean =>
    said === place || said.startsWith(`${place}.`) || said.startsWith(`${place}[`);
  return {
    at: (place) => found.filter((each) => isAt(place, each.place)).map(({ message }) => message),
    isInPlace: found.length > 0,
  };
}

interface MembersProps {
  readonly draft: ReturnType<typeof mapDraftOf>;
  readonly preview: MapPreview | null;
  readonly places: ReturnType<typeof placesIn>;
  readonly problems: Problems;
  readonly country: string;
  readonly setCountry: (country: string) => void;
  readonly onRule: (name: string, rule: typeof noRule) => void;
  readonly footer: React.ReactNode;
}

function MembersCard({
  draft,
  preview,
  places,
  problems,
  country,
  setCountry,
  onRule,
  footer,
}: MembersProps) {
  const text = useTexts(texts);
  const countryProblems = problems.at("country");
  return (
    <Card title={text.rules}>
      <Stack gap="md">
        <TextInput
          label={text.country}
          description={text.countryHelp}
          value={country}
          onChange={(event) => setCountry(event.currentTarget.value)}
          error={countryProblems.length === 0 ? null : countryProblems.join(" ")}
          maw="24rem"
        />
        <ul className={classes.members}>
          {Object.entries(draft).map(([name, rule]) => (
            <MapMember
              key={name}
              {...{ name, rule, preview, places }}
              problems={problems.at(`map.${name}`)}
              onChange={(changed) => onRule(name, changed)}
            />
          ))}
        </ul>
        <AddKey known={Object.keys(draft)} onAdd={(name) => onRule(name, { ...noRule, kind: "pointer" })} />
        {footer}
      </Stack>
    </Card>
  );
}

/** Of a campaign's parameters and click ids a map may name any. */
function AddKey({
  known,
  onAdd,
}: {
  readonly known: readonly string[];
  readonly onAdd: (name: string) => void;
}) {
  const text = useTexts(texts);
  const [name, setName] = useState("");
  const typed = name.trim();
  const isGood = isMappedMember(typed) && !known.includes(typed);
  return (
    <Group align="flex-end" gap="xs">
      <TextInput
        label={text.another}
        placeholder="utm.source"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        spellCheck={false}
      />
      <Button
        variant="default"
        disabled={!isGood}
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => {
          onAdd(typed);
          setName("");
        }}
      >
        {text.add}
      </Button>
    </Group>
  );
}

interface SavingProps {
  readonly source: Source;
  readonly version: string | null;
  readonly change: Reading;
  readonly isChanged: boolean;
}

function Saving({ source, version, change, isChanged }: SavingProps) {
  const text = useTexts(texts);
  const [, navigate] = useLocation();
  const saving = useChangePart("sources", source.name);
  if (source.managed_by === "file") {
    const json = writeExactly(change.map ?? {});
    return (
      <Alert color="blue" title={text.fromFile}>
        <Stack gap="xs">
          {text.fromFileHow}
          {change.map === null ? null : <CopyText label={text.copy} value={`map: ${json}`} />}
        </Stack>
      </Alert>
    );
  }
  return (
    <Stack gap="sm">
      {saving.error === null ? null : <ProblemAlert error={saving.error} />}
      <Group>
        <Button
          disabled={!isChanged}
          loading={saving.isPending}
          onClick={() =>
            saving.mutate(
              { does: "change", ifMatch: version, json: writeExactly(change) },
              { onSuccess: () => navigate(pathOf("sources", source.name)) },
            )
          }
        >
          {text.save}
        </Button>
        <Button component={Link} href={pathOf("sources", source.name)} variant="default">
          {text.cancel}
        </Button>
      </Group>
    </Stack>
  );
}

const typingMs = 300;

const texts = {
  de: {
    title: (name: string) => `Felder zuordnen: ${name}`,
    explanation:
      "So lesen wir die Leads dieser Quelle. Was von selbst richtig erkannt wird, braucht keine Regel. Das Original bleibt immer daneben stehen.",
    back: "Zur Quelle",
    rules: "Felder des Leads",
    country: "Land der Telefonnummern",
    countryHelp: "Für Nummern ohne Landesvorwahl: DE, AT, CH und so weiter.",
    another: "Weiterer Kampagnenparameter",
    add: "Hinzufügen",
    save: "Speichern",
    cancel: "Abbrechen",
    fromFile: "Diese Quelle steht in leadledger.yaml",
    fromFileHow: "Ausprobieren können Sie hier alles; eintragen müssen Sie die Regeln dort.",
    copy: "Diese Zeile",
  },
  en: {
    title: (name: string) => `Map the fields: ${name}`,
    explanation:
      "This is how we read the leads of this source. What is recognised rightly by itself needs no rule. The original always stands beside it.",
    back: "To the source",
    rules: "The lead's fields",
    country: "Country of phone numbers",
    countryHelp: "For numbers that say none: DE, AT, CH and so on.",
    another: "Another campaign parameter",
    add: "Add",
    save: "Save",
    cancel: "Cancel",
    fromFile: "This source stands in leadledger.yaml",
    fromFileHow: "You can try everything here; the rules must be written there.",
    copy: "This line",
  },
};
