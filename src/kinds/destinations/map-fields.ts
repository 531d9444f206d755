// What a destination gets, and which leads at all: fields that kinds declare alike. What becomes of them is decided in one
// place for all kinds (domain/destinations/delivery-content.ts).
import { checkCondition } from "../../config/check-condition.ts";
import { checkTargetMap } from "../../config/check-target-map.ts";
import type { Field, FieldTexts } from "../../config/fields/field.ts";
import { choice, described, longText, plain } from "../../config/fields/plain-fields.ts";
import type { Condition } from "../../domain/destinations/condition.ts";
import { expressionLengthMax } from "../../domain/destinations/expression.ts";
import type { TargetMap } from "../../domain/destinations/target-map.ts";

const mapField = structure<TargetMap>("map", checkTargetMap, {
  description:
    "What is sent, by its members: a JSON pointer into the delivery (/lead/email, /data/…), a list of them, or a rule with its treatment. Absent: the whole delivery.",
  label: { en: "Fields that are sent", de: "Gesendete Felder" },
  help: {
    en: "Which field of the receiver gets what of the lead. Easier to fill in on the page “Map the fields” of the destination. Empty: the lead is sent as a whole.",
    de: "Welches Feld des Empfängers was vom Lead bekommt. Leichter auszufüllen auf der Seite „Felder zuordnen“ des Ziels. Leer: Der Lead wird ganz gesendet.",
  },
  advanced: true,
  example: '{ "email": "/lead/email" }',
  option: {
    text: {
      en: "which field gets what of the lead, a JSON file",
      de: "welches Feld was vom Lead bekommt, eine JSON-Datei",
    },
    title: { en: "fields", de: "Felder" },
    placeholder: "file",
  },
});

const expressionField: Field<string | undefined> = {
  ...longText("expression", {
    description:
      "In place of `map`, for experts: a JSONata expression on the delivery; what it gives, an object or a list, is sent. Only administrators may write one.",
    label: { en: "Expression (JSONata)", de: "Ausdruck (JSONata)" },
    help: {
      en: "For experts, in place of fields: a JSONata expression on the delivery, whose result is sent. It is evaluated apart from everything else, within half a second. Only administrators may change it; it is tried on leads on the page “Map the fields”.",
      de: "Für Experten, anstelle der Felder: ein JSONata-Ausdruck über die Zustellung, dessen Ergebnis gesendet wird. Er wird getrennt von allem anderen ausgewertet, in höchstens einer halben Sekunde. Ändern dürfen ihn nur Administratoren; ausprobieren lässt er sich auf der Seite „Felder zuordnen“.",
    },
    advanced: true,
    example: '{ "name": lead.first_name & " " & lead.last_name }',
    option: {
      text: {
        en: "a JSONata expression that says what is sent",
        de: "ein JSONata-Ausdruck, der sagt, was gesendet wird",
      },
      title: { en: "expression", de: "Ausdruck" },
    },
  }),
  check: (written, { entry, note }) => {
    if (typeof written !== "string") return;
    if (entry["map"] !== undefined)
      note("problems", ["expression"], { code: "expression_beside_map", params: {} });
    if (written.length > expressionLengthMax)
      note("problems", ["expression"], {
        code: "expression_too_long",
        params: { charactersMax: expressionLengthMax },
      });
  },
};

/** For kinds whose message is made of fields: `message.body` is what map or expression made, `message.mapped` the same as a value. */
export const mapFields = {
  map: {
    ...mapField,
    // In a list, because jsonb keeps no order of members: people find their targets as they wrote them, and so are they sent.
    kept: (map: TargetMap | undefined): unknown => Object.entries(map ?? {}),
    stored: (parsed: unknown) => Object.fromEntries(parsed as [string, TargetMap[string]][]),
  },
  expression: expressionField,
} as const;

interface RecordMapFields {
  readonly map: Field<TargetMap>;
  readonly expression: typeof expressionField;
}

/**
 * For kinds that write a record of the receiver's own fields: what is sent where nobody says anything else. `message.mapped`
 * is always there; the map is empty where an expression says what is sent.
 */
export function recordMapFields(preset: TargetMap): RecordMapFields {
  const { map, expression } = mapFields;
  const isEmpty = (value: TargetMap): boolean => Object.keys(value).length === 0;
  return {
    expression,
    map: {
      ...map,
      schema: described(recordTexts, { type: "object", default: preset }),
      texts: { ...map.texts, ...recordTexts },
      shown: { ...map.shown, of: (value) => (isEmpty(value) ? null : value) },
      read: (written, { entry }) =>
        (written ?? (entry["expression"] === undefined ? preset : {})) as TargetMap,
      write: (value) => (isEmpty(value) ? undefined : value),
    },
  };
}

const recordTexts = {
  description:
    "The record that is written, by the receiver's own names of its fields: a JSON pointer into the delivery (/lead/email, /data/…), a list of them, or a rule with its treatment. Absent: what this kind knows of leads.",
  label: { en: "Fields that are written", de: "Geschriebene Felder" },
  help: {
    en: "Which of the receiver's fields gets what of the lead. Easier to fill in on the page “Map the fields” of the destination, where they are offered. Empty: the usual ones.",
    de: "Welches Feld des Empfängers was vom Lead bekommt. Leichter auszufüllen auf der Seite „Felder zuordnen“ des Ziels; dort werden sie angeboten. Leer: die üblichen.",
  },
} as const;

/** For every kind that sends. */
export const whenField = structure<Condition>("when", checkCondition, {
  description:
    "Which leads it gets: a comparison such as { pointer: /lead/country, equals: DE }, or several in all, any, not. Judged when a lead is sent; absent: all.",
  label: { en: "Only leads for which this holds", de: "Nur Leads, für die das gilt" },
  help: {
    en: "A condition that is judged when a lead is sent. Where it is not met nothing is sent, which stands on the lead. Empty: all leads.",
    de: "Eine Bedingung, die beim Senden geprüft wird. Ist sie nicht erfüllt, wird nichts gesendet; das steht beim Lead. Leer: alle Leads.",
  },
  advanced: true,
  example: '{ "pointer": "/lead/country", "equals": "DE" }',
  option: {
    text: {
      en: "only leads for which this holds, a JSON file",
      de: "nur Leads, für die das gilt, eine JSON-Datei",
    },
    title: { en: "condition", de: "Bedingung" },
    placeholder: "file",
  },
});

/** Of a kind that sends its body over HTTP. */
export const contentField = choice("content", {
  description: "How the body is written; form: application/x-www-form-urlencoded.",
  label: { en: "Content", de: "Inhalt" },
  help: {
    en: "What the receiver reads: JSON, nearly always, or a form as browsers send it.",
    de: "Was der Empfänger liest: fast immer JSON, sonst ein Formular, wie Browser es senden.",
  },
  options: [
    {
      value: "json",
      label: { en: "JSON", de: "JSON" },
      help: { en: "What most receivers read.", de: "Lesen die meisten Empfänger." },
    },
    {
      value: "form",
      label: { en: "Form", de: "Formular" },
      help: {
        en: "As browsers send it: nested members as name[member], lists under one name.",
        de: "Wie Browser es senden: Verschachteltes als name[feld], Listen unter einem Namen.",
      },
    },
  ],
  preset: "json",
  advanced: true,
  option: { text: { en: "json or form", de: "json oder form" } },
});

/** A mapping that is changed as a whole; absent where nothing is said. */
function structure<Value extends object>(
  member: string,
  check: (written: unknown, note: (place: readonly string[], said: Parameters<Note>[2]) => void) => void,
  texts: FieldTexts,
): Field<Value | undefined> {
  return {
    ...plain<Value | undefined>(member, "json", texts, described(texts, { type: "object" })),
    shown: {
      member,
      schema: described(texts, { type: ["object", "null"] }),
      of: (value) => value ?? null,
    },
    read: (written) => written as Value | undefined,
    check: (written, { note }) => check(written, (place, said) => note("problems", [member, ...place], said)),
  };
}

type Note = Parameters<NonNullable<Field<unknown>["check"]>>[1]["note"];
