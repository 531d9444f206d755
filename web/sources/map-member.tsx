// One member of a lead in the editor of a source's map: its rule, and what a real lead gives by it.
import { NativeSelect, Text } from "@mantine/core";
import { useId } from "react";
import { useLanguage, useTexts } from "../language/language.tsx";
import type { MapPreview } from "../api/types.ts";
import { memberText, ofKind, ruleKinds } from "../sources-and-destinations/map-draft.ts";
import type { BodyPlace, RuleDraft, RuleKind } from "../sources-and-destinations/map-draft.ts";
import { MapRuleFields } from "../sources-and-destinations/map-rule.tsx";
import { memberLabel, ruleKindWords } from "../sources-and-destinations/map-words.ts";
import classes from "../sources-and-destinations/map.module.css";

interface MapMemberProps {
  readonly name: string;
  readonly rule: RuleDraft;
  /** null: none is known yet. */
  readonly preview: MapPreview | null;
  readonly places: readonly BodyPlace[];
  readonly problems: readonly string[];
  readonly onChange: (rule: RuleDraft) => void;
}

export function MapMember({ name, rule, preview, places, problems, onChange }: MapMemberProps) {
  const { language } = useLanguage();
  const text = useTexts(texts);
  const id = useId();
  const label = memberLabel(name, language);
  const kinds = ruleKinds.filter((kind) => kind !== "all" || name === "phones" || rule.kind === "all");
  return (
    <li className={classes.member} aria-labelledby={id}>
      <div className={classes.name}>
        <Text size="sm" fw={550} id={id}>
          {label}
        </Text>
        {label === name ? null : (
          <Text size="xs" c="dimmed" ff="monospace">
            {name}
          </Text>
        )}
      </div>
      <NativeSelect
        className={classes.rule ?? ""}
        aria-label={text.ruleOf(label)}
        data={kinds.map((value) => ({ value, label: ruleKindWords[language][value] }))}
        value={rule.kind}
        onChange={(event) => onChange(ofKind(rule, event.currentTarget.value as RuleKind))}
        error={problems.length === 0 ? null : problems.join(" ")}
      />
      <Outcome name={name} rule={rule} preview={preview} />
      {rule.kind === "auto" ? null : (
        <div className={classes.fields}>
          <MapRuleFields {...{ label, rule, places, onChange }} />
        </div>
      )}
    </li>
  );
}

type OutcomeProps = Pick<MapMemberProps, "name" | "rule" | "preview">;

function Outcome({ name, rule, preview }: OutcomeProps) {
  const text = useTexts(texts);
  if (preview === null || preview.lead === null) return <div className={classes.value} />;
  const value = memberText(preview.lead, name);
  const recognised = memberText(preview.recognised, name);
  const known = preview.kind_map?.[name];
  return (
    <div className={classes.value}>
      {value === null ? (
        <Text size="sm" c="dimmed">
          {rule.kind === "auto" ? "–" : text.nothing}
        </Text>
      ) : (
        <Text size="sm">{value}</Text>
      )}
      {rule.kind === "auto" || recognised === null || recognised === value ? null : (
        <Text size="xs" c="dimmed">
          {text.recognised(recognised)}
        </Text>
      )}
      {rule.kind === "auto" && known !== undefined ? (
        <Text size="xs" c="dimmed">
          {text.byKind} <code>{typeof known === "string" ? known : JSON.stringify(known)}</code>
        </Text>
      ) : null}
    </div>
  );
}

const texts = {
  de: {
    ruleOf: (label: string) => `Woher kommt: ${label}`,
    nothing: "gibt bei diesem Lead nichts",
    recognised: (value: string) => `von selbst erkannt: ${value}`,
    byKind: "Die Art der Quelle nimmt",
  },
  en: {
    ruleOf: (label: string) => `Where from: ${label}`,
    nothing: "gives nothing in this lead",
    recognised: (value: string) => `recognised by itself: ${value}`,
    byKind: "The kind of source takes",
  },
};
