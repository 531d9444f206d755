// What a destination gets, and which leads: its map line by line and its condition, tried on a real lead as one types.
import { Anchor, Button, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useParams } from "wouter";
import { isWithin } from "../../src/domain/destinations/remote-field.ts";
import type { TargetMap } from "../../src/domain/destinations/target-map.ts";
import { parseExactly, writeExactly } from "../../src/domain/values/exact-json.ts";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
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
import { ConditionEditor, conditionDraftOf, conditionIn } from "./condition-editor.tsx";
import { ExpressionInput } from "./expression-input.tsx";
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

/** What is typed about it. */
interface Content {
  /** Absent: its kind has none. */
  readonly map?: unknown;
  readonly expression?: string | null;
  readonly when: unknown;
}

/** By which of the two it is said what is sent. */
type Way = "map" | "expression";

interface EditingProps {
  readonly destination: Destination;
  readonly etag: string | null;
}

/** Begins with what the destination says when this is first shown; changes by others are noticed when it is saved. */
function Editing({ destination, etag }: EditingProps) {
  const text = useTexts(texts);
  const [{ stored, version }] = useState({ stored: destination, version: etag });
  const mayWriteExpressions = useMay("expressions.write");
  const hasMap = "map" in stored;
  const hasExpression = "expression" in stored;
  const storedMap = (stored["map"] ?? null) as TargetMap | null;
  const storedExpression = (stored["expression"] ?? null) as string | null;
  const storedWhen: unknown = stored["when"] ?? null;
  const [drafts, setDrafts] = useState(() => targetDraftsOf(storedMap));
  const [way, setWay] = useState<Way>(storedExpression === null ? "map" : "expression");
  const [expression, setExpression] = useState(storedExpression ?? "");
  const [when, setWhen] = useState(() => conditionDraftOf(storedWhen));
  const [sample, setSample] = useState<Sample>({ kind: "newest" });
  const isExpression = way === "expression" && expression.trim() !== "";
  const content: Content = {
    ...(hasMap ? { map: isExpression ? null : targetMapOf(drafts, storedMap) } : {}),
    ...(hasExpression ? { expression: isExpression ? expression : null } : {}),
    when: conditionIn(when, storedWhen),
  };
  const { preview, error } = useMapPreview<TargetPreview>({
    key: ["target-preview", destination.name],
    order: (last) => orderOf(sample, content, last?.source),
    ask: (json, signal) =>
      call("POST /destinations/:name/map-preview", { params: { name: destination.name }, json, signal }),
  });
  const problems = mapProblemsOf(error);
  const before: Content = {
    ...(hasMap ? { map: storedMap } : {}),
    ...(hasExpression ? { expression: storedExpression } : {}),
    when: storedWhen,
  };
  return (
    <div className={classes.columns}>
      <Card title={text.rules}>
        <Stack gap="md">
          {hasExpression && (way === "expression" || mayWriteExpressions) ? (
            <SegmentedControl
              aria-label={text.way}
              data={[
                { value: "map", label: text.byMap },
                { value: "expression", label: text.byExpression },
              ]}
              value={way}
              onChange={(chosen) => setWay(chosen)}
              disabled={!mayWriteExpressions}
            />
          ) : null}
          {!hasMap ? (
            <Text size="sm">{text.withoutMap}</Text>
          ) : way === "map" ? (
            <Targets name={stored.name} {...{ drafts, setDrafts, preview, problems }} />
          ) : (
            <ExpressionInput
              {...{ expression, preview }}
              problems={problems.at("expression")}
              onChange={setExpression}
            />
          )}
          <ConditionEditor draft={when} onChange={setWhen} preview={preview} problemsAt={problems.at} />
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
    way: "Wodurch gesagt wird, was das Ziel bekommt",
    byMap: "Feld für Feld",
    byExpression: "Ausdruck (für Experten)",
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
    way: "What says what the destination gets",
    byMap: "Field by field",
    byExpression: "Expression (for experts)",
    delivery: "What the rules look into",
    sent: "What the destination would get",
    body: "Content of the request",
  },
};
