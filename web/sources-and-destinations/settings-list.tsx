// The settings of a part, read-only: the fields of its form with what they hold.
import { Code, Text } from "@mantine/core";
import { readToEntry } from "../../src/domain/leads/distribution.ts";
import type { ToEntry } from "../../src/domain/leads/distribution.ts";
import { writeExactly } from "../../src/domain/values/exact-json.ts";
import type { FormField } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import type { Format } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import type { Language } from "../language/language.tsx";
import { spokenQuantity } from "../language/quantity.ts";
import { alternativeOf, memberAt } from "../ui/form/draft.ts";
import type { Stored } from "../ui/form/draft.ts";
import type { FormFieldsProps } from "../ui/form/form-fields.tsx";
import { secretsIn } from "../ui/form/shown-secrets.ts";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import type { Part } from "./part-kind.ts";

interface SettingsListProps {
  readonly fields: readonly FormField[];
  readonly part: Part;
  readonly stored: Stored;
  /** Stands below a value, by the name of its field. */
  readonly below?: FormFieldsProps["below"];
}

export function SettingsList({ fields, part, stored, below = {} }: SettingsListProps) {
  const text = useTexts(texts);
  const format = useFormat();
  const { language } = useLanguage();
  return (
    <Card title={text.title}>
      <Facts
        facts={[
          ...fields
            // The name is the page's title, and whether it is paused stands above.
            .filter(({ name }) => name !== "name" && name !== "paused")
            .map(
              (field) =>
                [
                  field.label,
                  <>
                    {shownValue(field, part, stored, text, format, language)}
                    {below[field.name]}
                  </>,
                ] as const,
            ),
          [text.changed, format.time(part.updated_at)],
        ]}
      />
    </Card>
  );
}

function shownValue(
  field: FormField,
  part: Part,
  stored: Stored,
  text: (typeof texts)["de"],
  { time, count }: Format,
  language: Language,
): React.ReactNode {
  const value = memberAt(part, field.name);
  switch (field.type) {
    case "url":
    case "headers":
    case "parameters":
      return (stored[field.name] ?? []).join(", ") || text.none;
    case "secret": {
      const secrets = secretsIn(memberAt(part, field.shown_as ?? "secrets"));
      if (secrets.length === 0) return text.none;
      return secrets.map(({ fingerprint, not_after: end }) => (
        <Text key={fingerprint}>
          <Code>{fingerprint}</Code> {end === null ? null : text.until(time(end))}
        </Text>
      ));
    }
    case "boolean":
      return value === true ? text.yes : text.no;
    case "destinations":
      if (!Array.isArray(value)) return text.all;
      return value.length === 0 ? text.nobody : toWords(value as readonly ToEntry[], text);
    case "durations":
      return Array.isArray(value) && value.length > 0
        ? value.map((each) => spoken(each)).join(", ")
        : text.none;
    case "texts":
      return Array.isArray(value) && value.length > 0 ? value.map(String).join(", ") : text.none;
    case "json":
      return value == null ? text.none : <Code block>{writeExactly(value, 2)}</Code>;
    case "choice":
      return <Chosen field={field} part={part} chosen={String(value)} />;
    case "alternatives":
      return <Chosen field={field} part={part} chosen={alternativeOf(field, part)} />;
    default:
      return typeof value === "string" || typeof value === "number" ? spoken(value) : text.none;
  }

  function spoken(written: unknown): string {
    return field.type === "url" ? String(written) : spokenQuantity(String(written), language, count);
  }
}

/** `crm; one each: anna (1 of 3), bernd (2 of 3)` */
function toWords(to: readonly ToEntry[], text: (typeof texts)["de"]): string {
  const { oneOf = [] } = readToEntry(to);
  const groups = oneOf.map(({ members, skipPaused }) => {
    const total = members.reduce((sum, { weight }) => sum + weight, 0);
    const isEven = members.every(({ weight }) => weight === members[0]?.weight);
    const shares = members.map(({ destination, weight }) =>
      isEven ? destination : `${destination} (${text.share(weight, total)})`,
    );
    return `${text.oneOf(shares.join(", "))}${skipPaused ? ` (${text.skipPaused})` : ""}`;
  });
  return [to.filter((entry) => typeof entry === "string").join(", "), ...groups]
    .filter((words) => words !== "")
    .join("; ");
}

interface ChosenProps {
  readonly field: FormField;
  readonly part: Part;
  readonly chosen: string;
}

/** The option, and what its fields hold: `/lead_id`, or the secrets by their fingerprints. */
function Chosen({ field, part, chosen }: ChosenProps) {
  const text = useTexts(texts);
  const { time, count } = useFormat();
  const { language } = useLanguage();
  const option = field.options.find(({ value }) => value === chosen);
  const hasSeveral = (option?.fields ?? []).filter(({ advanced }) => !advanced).length > 1;
  // What few people need is named, and shown only where it is not as usual.
  const held = (option?.fields ?? []).flatMap(({ name, type, label, advanced, default: usual }) => {
    // They are shown by their fingerprints.
    if (type === "secrets" || type === "secret") return [];
    const said = memberAt(part, name);
    const value = Array.isArray(said) && said.length > 0 ? said.join(", ") : said;
    if (typeof value !== "string" || (advanced && value === usual)) return [];
    const spoken = spokenQuantity(value, language, count);
    return [advanced || hasSeveral ? `${label}: ${spoken}` : spoken];
  });
  const traces = (option?.fields ?? []).flatMap(({ type, shown_as: member }) =>
    type === "secret" && member !== undefined ? [member] : [],
  );
  // Those of a source's credentials stand in one place, whatever its kind is.
  const shownAt = field.name === "auth.kind" ? ["auth.secrets", ...traces] : traces;
  const secrets = shownAt.flatMap((member) => secretsIn(memberAt(part, member)));
  return (
    <>
      {[option?.label ?? chosen, held.join("; ")].filter((words) => words !== "").join(": ")}
      {secrets.map(({ fingerprint, not_after: end }) => (
        <Text key={fingerprint} size="sm">
          {text.fingerprint} <Code>{fingerprint}</Code> {end === null ? null : text.until(time(end))}
        </Text>
      ))}
    </>
  );
}

const texts = {
  de: {
    title: "Einstellungen",
    none: "–",
    yes: "Ja",
    no: "Nein",
    all: "Alle, auch künftige",
    nobody: "Keines: Leads werden nur aufbewahrt",
    share: (weight: number, total: number) => `${weight} von ${total}`,
    oneOf: (names: string) => `jeder Lead an eines von: ${names}`,
    skipPaused: "angehaltene werden ausgelassen",
    until: (at: string) => `gilt bis ${at}`,
    fingerprint: "Geheimnis mit Fingerabdruck",
    changed: "Zuletzt geändert",
  },
  en: {
    title: "Settings",
    none: "–",
    yes: "Yes",
    no: "No",
    all: "All, those of the future too",
    nobody: "None: leads are only kept",
    share: (weight: number, total: number) => `${weight} of ${total}`,
    oneOf: (names: string) => `each lead to one of: ${names}`,
    skipPaused: "paused ones are left out",
    until: (at: string) => `valid until ${at}`,
    fingerprint: "Secret with the fingerprint",
    changed: "Last changed",
  },
};
