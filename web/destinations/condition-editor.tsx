// Which leads a destination gets: its condition as rows, or as JSON where rows cannot show it, tried on a real lead.
import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { parseExactly, writeExactly } from "../../src/domain/values/exact-json.ts";
import type { TargetPreview } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { placesIn } from "../sources-and-destinations/map-draft.ts";
import { State } from "../ui/state.tsx";
import { conditionOf, rowsOf } from "./condition-draft.ts";
import type { GroupDraft } from "./condition-draft.ts";
import { ConditionGroup } from "./condition-rows.tsx";
import classes from "./condition.module.css";

/** `json`: what is typed. */
export type ConditionDraft =
  { readonly kind: "rows"; readonly root: GroupDraft } | { readonly kind: "json"; readonly json: string };

/** `stored` null: no condition. */
export function conditionDraftOf(stored: unknown): ConditionDraft {
  const root = rowsOf(stored);
  return root === null ? { kind: "json", json: writeExactly(stored, 2) } : { kind: "rows", root };
}

/** What was not touched stays as it was written; what cannot be read as JSON stays a text, of which the server says what is wrong. */
export function conditionIn(draft: ConditionDraft, stored: unknown): unknown {
  if (draft.kind === "json") return readJson(draft.json);
  const before = rowsOf(stored);
  const isSame = before !== null && JSON.stringify(before) === JSON.stringify(draft.root);
  return isSame ? stored : conditionOf(draft.root).condition;
}

interface ConditionEditorProps {
  readonly draft: ConditionDraft;
  readonly preview: TargetPreview | null;
  readonly problemsAt: (place: string) => readonly string[];
  readonly onChange: (draft: ConditionDraft) => void;
}

export function ConditionEditor({ draft, preview, problemsAt, onChange }: ConditionEditorProps) {
  const text = useTexts(texts);
  const problems = problemsAt("when");
  const isSaid =
    draft.kind === "rows" ? conditionOf(draft.root).condition !== null : draft.json.trim() !== "";
  const condition = !isSaid || problems.length > 0 ? null : (preview?.condition ?? null);
  return (
    <Stack gap="sm" role="region" aria-label={text.when}>
      <div>
        <Text fw={600}>{text.when}</Text>
        <Text size="sm" c="dimmed">
          {text.help}
        </Text>
      </div>
      {draft.kind === "rows" ? (
        <ConditionGroup
          group={draft.root}
          depth={1}
          number=""
          places={placesIn(preview?.delivery)}
          placeOf={conditionOf(draft.root).places}
          unmet={condition?.met === false ? condition.place : null}
          problemsAt={problemsAt}
          onChange={(root) => onChange({ kind: "rows", root })}
        />
      ) : (
        <Textarea
          label={text.json}
          placeholder={'{ "pointer": "/lead/country", "in": ["DE", "AT"] }'}
          value={draft.json}
          onChange={(event) => onChange({ kind: "json", json: event.currentTarget.value })}
          error={problems.length === 0 ? null : problems.join(" ")}
          autosize
          minRows={3}
          maxRows={16}
          spellCheck={false}
          classNames={{ input: classes.code ?? "" }}
        />
      )}
      <Group justify="space-between">
        {condition === null ? (
          <span />
        ) : (
          <State tone={condition.met ? "good" : "quiet"}>
            {condition.met ? text.met : text.unmet(condition.place ?? "when")}
          </State>
        )}
        <Switch {...{ draft, onChange }} />
      </Group>
    </Stack>
  );
}

function Switch({ draft, onChange }: Pick<ConditionEditorProps, "draft" | "onChange">) {
  const text = useTexts(texts);
  if (draft.kind === "rows") {
    const asJson = (): void => {
      const { condition } = conditionOf(draft.root);
      onChange({ kind: "json", json: condition === null ? "" : writeExactly(condition, 2) });
    };
    return (
      <Button variant="subtle" size="compact-sm" onClick={asJson}>
        {text.asJson}
      </Button>
    );
  }
  const root = rowsOf(readJson(draft.json));
  return root === null ? (
    <Text size="sm" c="dimmed">
      {text.noRows}
    </Text>
  ) : (
    <Button variant="subtle" size="compact-sm" onClick={() => onChange({ kind: "rows", root })}>
      {text.asRows}
    </Button>
  );
}

function readJson(typed: string): unknown {
  if (typed.trim() === "") return null;
  try {
    return parseExactly(typed);
  } catch {
    return typed;
  }
}

const texts = {
  de: {
    when: "Nur Leads, für die das gilt",
    help: "Geprüft wird, wenn ein Lead gesendet wird. Ohne Zeile bekommt das Ziel alle.",
    json: "Bedingung als JSON",
    asJson: "Als JSON bearbeiten",
    asRows: "Als Zeilen bearbeiten",
    noRows: "Diese Bedingung lässt sich nicht als Zeilen zeigen.",
    met: "Bei diesem Lead erfüllt: Er würde gesendet",
    unmet: (place: string) => `Bei diesem Lead nicht erfüllt (${place}): Er würde nicht gesendet`,
  },
  en: {
    when: "Only leads for which this holds",
    help: "It is judged when a lead is sent. Without a line the destination gets all of them.",
    json: "The condition as JSON",
    asJson: "Edit as JSON",
    asRows: "Edit as rows",
    noRows: "This condition cannot be shown as rows.",
    met: "Met by this lead: it would be sent",
    unmet: (place: string) => `Not met by this lead (${place}): it would not be sent`,
  },
};
