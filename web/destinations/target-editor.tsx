// What a destination gets, and which leads: its map line by line and its condition, tried on a real lead as one types.
import { Anchor, Button, Stack, Text, Textarea } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useParams } from "wouter";
import type { Condition } from "../../src/domain/destinations/condition.ts";
import { isWithin } from "../../src/domain/destinations/remote-field.ts";
import type { TargetMap } from "../../src/domain/destinations/target-map.ts";
import { parseExactly, writeExactly } from "../../src/domain/values/exact-json.ts";
import { call } from "../api/client.ts";
import type { Destination, RemoteField, TargetPreview } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { noRule, placesIn, targetDraftsOf, targetMapOf } from "../sources-and-destinations/map-draft.ts";
import type { TargetDraft } from "../sources-and-destinations/map-draft.ts";
import { orderOf, useMapPreview } from "../sources-and-destinations/map-preview.ts";
import { mapProblemsOf } from "../sources-and-destinations/map-problems.ts";
import type { MapProblems } from "../sources-and-destinations/map-problems.ts";
import { MapSaving } from "../sources-and-destinations/map-saving.tsx";
import { MapSample } from "../sources-and-destinations/map-sample.tsx";
import type { Sample } from "../sources-and-destinations/map-sample.tsx";
import classes from "../sources-and-destinations/map.module.css";
import { pathOf } from "../sources-and-destinations/part-kind.ts";
import { usePart } from "../sources-and-destinations/part-queries.ts";
import { Card } from "../ui/card.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { Page } from "../ui/page.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { State } from "../ui/state.tsx";
import { ReceiverFieldsNote, UnknownField, useReceiverFields } from "./receiver-fields.tsx";
import { TargetRow } from "./target-row.tsx";

export default function TargetEditor() {
  const text = useTexts(texts);
  const { name = "" } = useParams();
  const part = usePart("destinations", name);
  return (
    <Page
      title={text.title(name)}
      explanation={text.explanation}
      actions={
        <Anchor component={Link} href={pathOf("destinations", name)}>
          {text.back}
        </Anchor>
      }
    >
      <QueryState query={part} loadingRows={12}>
        {({ body, etag }) => <Editing destination={body} etag={etag} />}
      </QueryState>
    </Page>
  );
}

/** What is typed about it; what cannot be read as JSON stays a text, of which the server says what is wrong. */
interface Content {
  /** Absent: its kind has none. */
  readonly map?: unknown;
  readonly when: unknown;
}

interface EditingProps {
  readonly destination: Destination;
  readonly etag: string | null;
}

/** Begins with what the destination says when this is first shown; changes by others are noticed when it is saved. */
function Editing({ destination, etag }: EditingProps) {
  const text = useTexts(texts);
  const [{ stored, version }] = useState({ stored: destination, version: etag });
  const hasMap = "map" in stored;
  const storedMap = (stored["map"] ?? null) as TargetMap | null;
  const storedWhen = (stored["when"] ?? null) as Condition | null;
  const [drafts, setDrafts] = useState(() => targetDraftsOf(storedMap));
  const [when, setWhen] = useState(() => (storedWhen === null ? "" : writeExactly(storedWhen, 2)));
  const [sample, setSample] = useState<Sample>({ kind: "newest" });
  const content: Content = {
    ...(hasMap ? { map: targetMapOf(drafts, storedMap) } : {}),
    when: conditionIn(when),
  };
  const { preview, error } = useMapPreview<TargetPreview>({
    key: ["target-preview", destination.name],
    order: (last) => orderOf(sample, content, last?.source),
    ask: (json, signal) =>
      call("POST /destinations/:name/map-preview", { params: { name: destination.name }, json, signal }),
  });
  const problems = mapProblemsOf(error);
  const before = { ...(hasMap ? { map: storedMap } : {}), when: storedWhen };
  return (
    <div className={classes.columns}>
      <Card title={text.rules}>
        <Stack gap="md">
          {hasMap ? (
            <Targets name={stored.name} {...{ drafts, setDrafts, preview, problems }} />
          ) : (
            <Text size="sm">{text.withoutMap}</Text>
          )}
          <ConditionInput {...{ when, setWhen, preview }} problems={problems.at("when")} />
          <MapSaving
            kind="destinations"
            part={destination}
            version={version}
            change={content}
            written={{ ...content }}
            isChanged={writeExactly(content) !== writeExactly(before)}
          />
        </Stack>
      </Card>
      <div className={classes.sample}>
        <MapSample
          sample={sample}
          preview={preview === null ? null : { run_id: preview.run_id, body: preview.delivery }}
          bodyTitle={text.delivery}
          onChange={setSample}
        />
        {preview?.request == null ? null : (
          <Card title={text.sent}>
            <Text size="sm" c="dimmed" mb={4}>
              {`${preview.request.method} ${preview.request.url}`}
            </Text>
            <JsonView label={text.body} value={valueOf(preview.request.body)} />
          </Card>
        )}
        {error === null || problems.isInPlace ? null : <ProblemAlert error={error} />}
      </div>
    </div>
  );
}

function valueOf(body: string): unknown {
  try {
    return parseExactly(body);
  } catch {
    return body;
  }
}

function conditionIn(typed: string): unknown {
  return typed.trim() === "" ? null : valueOf(typed);
}

interface TargetsProps {
  /** Of the destination. */
  readonly name: string;
  readonly drafts: readonly TargetDraft[];
  readonly setDrafts: (drafts: readonly TargetDraft[]) => void;
  readonly preview: TargetPreview | null;
  readonly problems: MapProblems;
}

function Targets({ name, drafts, setDrafts, preview, problems }: TargetsProps) {
  const text = useTexts(texts);
  const places = placesIn(preview?.delivery);
  const receiver = useReceiverFields(name);
  const { fields, can_create: canCreate = false } = receiver.data ?? {};
  const offered = fields ?? [];
  const named = drafts.map(({ target }) => target.trim());
  const add = (target: string): void =>
    setDrafts([...drafts, { target, rule: { ...noRule, kind: "pointer" } }]);
  return (
    <>
      <ReceiverFieldsNote
        query={receiver}
        unmapped={offered.filter(
          (field) => field.required && !named.some((each) => isWithin(each, field.target)),
        )}
        onAdd={add}
      />
      {drafts.length === 0 ? <Text size="sm">{text.everything}</Text> : null}
      <ul className={classes.members}>
        {drafts.map((draft, index) => (
          <TargetRow
            key={index}
            number={index + 1}
            {...{ draft, places, offered }}
            warning={
              offered.length === 0 ||
              draft.target.trim() === "" ||
              isKnownTarget(draft.target.trim(), offered) ? null : (
                <UnknownField
                  target={draft.target.trim()}
                  {...{ name, canCreate }}
                  onCreated={(target) => setDrafts(drafts.with(index, { ...draft, target }))}
                />
              )
            }
            outcome={preview?.targets.find(({ target }) => target === draft.target.trim())}
            problems={draft.target.trim() === "" ? [] : problems.at(`map.${draft.target.trim()}`)}
            onChange={(changed) => setDrafts(drafts.with(index, changed))}
            onRemove={() => setDrafts(drafts.filter((_, place) => place !== index))}
          />
        ))}
      </ul>
      <div>
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => add("")}>
          {text.add}
        </Button>
      </div>
    </>
  );
}

function isKnownTarget(target: string, fields: readonly RemoteField[]): boolean {
  return fields.some((field) => isWithin(target, field.target));
}

interface ConditionProps {
  readonly when: string;
  readonly setWhen: (typed: string) => void;
  readonly preview: TargetPreview | null;
  readonly problems: readonly string[];
}

function ConditionInput({ when, setWhen, preview, problems }: ConditionProps) {
  const text = useTexts(texts);
  const condition = when.trim() === "" || problems.length > 0 ? null : (preview?.condition ?? null);
  return (
    <Stack gap={6}>
      <Textarea
        label={text.when}
        description={text.whenHelp}
        placeholder={'{ "pointer": "/lead/country", "in": ["DE", "AT"] }'}
        value={when}
        onChange={(event) => setWhen(event.currentTarget.value)}
        error={problems.length === 0 ? null : problems.join(" ")}
        autosize
        minRows={2}
        maxRows={14}
        spellCheck={false}
        ff="monospace"
      />
      {condition === null ? null : (
        <State tone={condition.met ? "good" : "quiet"}>
          {condition.met ? text.met : text.unmet(condition.place ?? "when")}
        </State>
      )}
    </Stack>
  );
}

const texts = {
  de: {
    title: (name: string) => `Felder zuordnen: ${name}`,
    explanation:
      "Links steht, wie der Empfänger ein Feld nennt, rechts, woher es beim Lead kommt. Was nichts ergibt, bleibt weg.",
    back: "Zum Ziel",
    rules: "Was das Ziel bekommt",
    everything: "Noch keine Zeile: Das Ziel bekommt die ganze Zustellung, wie sie in der Vorschau steht.",
    withoutMap:
      "Was dieses Ziel bekommt, bestimmt seine Art. Hier lässt sich wählen, welche Leads es bekommt.",
    add: "Zeile hinzufügen",
    when: "Nur Leads, für die das gilt (leer: alle)",
    whenHelp:
      "Eine Bedingung wie in leadledger.yaml, als JSON. Sie wird geprüft, wenn ein Lead gesendet wird.",
    met: "Bei diesem Lead erfüllt: Er würde gesendet",
    unmet: (place: string) => `Bei diesem Lead nicht erfüllt (${place}): Er würde nicht gesendet`,
    delivery: "Wohinein die Regeln sehen",
    sent: "Das bekäme das Ziel",
    body: "Inhalt der Anfrage",
  },
  en: {
    title: (name: string) => `Map the fields: ${name}`,
    explanation:
      "On the left stands what the receiver calls a field, on the right where it comes from. What gives nothing is left out.",
    back: "To the destination",
    rules: "What the destination gets",
    everything: "No line yet: the destination gets the whole delivery, as the preview shows it.",
    withoutMap: "What this destination gets is decided by its kind. Here you can say which leads it gets.",
    add: "Add a line",
    when: "Only leads for which this holds (empty: all)",
    whenHelp: "A condition as in leadledger.yaml, written as JSON. It is judged when a lead is sent.",
    met: "Met by this lead: it would be sent",
    unmet: (place: string) => `Not met by this lead (${place}): it would not be sent`,
    delivery: "What the rules look into",
    sent: "What the destination would get",
    body: "Content of the request",
  },
};
