// Where the fields of a source's leads come from: a rule for each member, tried on a real lead as one types.
import { Anchor, Button, Group, Stack, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useParams } from "wouter";
import { isMappedMember } from "../../src/domain/leads/map-rules.ts";
import { writeExactly } from "../../src/domain/values/exact-json.ts";
import { call } from "../api/client.ts";
import type { MapPreview, Source } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { pathOf } from "../sources-and-destinations/part-kind.ts";
import { usePart } from "../sources-and-destinations/part-queries.ts";
import { Card } from "../ui/card.tsx";
import { Page } from "../ui/page.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { mapDraftOf, mapOf, noRule, placesIn } from "../sources-and-destinations/map-draft.ts";
import { MapMember } from "./map-member.tsx";
import { orderOf, useMapPreview } from "../sources-and-destinations/map-preview.ts";
import { mapProblemsOf } from "../sources-and-destinations/map-problems.ts";
import type { MapProblems } from "../sources-and-destinations/map-problems.ts";
import { MapSaving } from "../sources-and-destinations/map-saving.tsx";
import { MapSample } from "../sources-and-destinations/map-sample.tsx";
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
  const { preview, error } = useMapPreview<MapPreview>({
    key: ["map-preview", source.name],
    order: () => orderOf(sample, { map, country }),
    ask: (json, signal) =>
      call("POST /sources/:name/map-preview", { params: { name: source.name }, json, signal }),
  });
  const problems = mapProblemsOf(error);
  const places = placesIn(preview?.body);
  return (
    <div className={classes.columns}>
      <MembersCard
        {...{ draft, preview, places, problems, country, setCountry }}
        onRule={(name, rule) => setDraft({ ...draft, [name]: rule })}
        footer={
          <MapSaving
            kind="sources"
            part={source}
            version={version}
            change={{ map, country }}
            written={{ map }}
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

interface MembersProps {
  readonly draft: ReturnType<typeof mapDraftOf>;
  readonly preview: MapPreview | null;
  readonly places: ReturnType<typeof placesIn>;
  readonly problems: MapProblems;
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
  },
};
