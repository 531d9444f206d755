// One answer of a form builder's list: `{"column_id":"EMAIL","string_value":"…"}`, `{"field":{…},"type":"email","email":"…"}`.
import { recognisedField } from "./field-names.ts";
import type { LeadField, RecognisedField } from "./field-names.ts";

export interface LabelledAnswer {
  /** What was asked, as far as it is said. */
  readonly label: string;
  /** null: its label says nothing that we know. */
  readonly found: RecognisedField | null;
  readonly value: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** null: it is no answer. `titles`: of questions, by their ids. */
export function answerOf(fields: Fields, titles: ReadonlyMap<string, string>): LabelledAnswer | null {
  const type = textAt(fields, "type");
  const answerName = answerNameOf(fields, type);
  if (answerName === null) return null;
  const labels = labelsOf(fields, titles);
  if (labels.length === 0 && type === null) return null;
  if (holdsPerson(fields, answerName)) return null;
  const value = choiceText(fields[answerName], fields["options"]);
  const label = labels.find(({ found }) => found !== null) ?? labels[0];
  const found = label?.found ?? fieldOfType(type) ?? fieldOfType(askedType(fields["field"]));
  return { label: labels[0]?.text ?? "", found, value };
}

function answerNameOf(fields: Fields, type: string | null): string | null {
  const known = answerNames.find((name) => Object.hasOwn(fields, name));
  if (known !== undefined) return known;
  return type !== null && Object.hasOwn(fields, type) ? type : null;
}

/** A list of people has names and addresses; an answer has one thing to say. */
function holdsPerson(fields: Fields, answerName: string): boolean {
  return Object.keys(fields).some((name) => {
    if (name === answerName || labelNames.includes(name)) return false;
    const field = recognisedField(name)?.field;
    return field === "email" || field === "phone" || field === "first_name" || field === "last_name";
  });
}

interface Label {
  readonly text: string;
  readonly found: RecognisedField | null;
}

function labelsOf(fields: Fields, titles: ReadonlyMap<string, string>): Label[] {
  const labels: Label[] = [];
  for (const name of labelNames) {
    const label = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const texts = typeof label === "string" ? [label] : isObject(label) ? innerLabels(label, titles) : [];
    for (const text of texts) if (text !== "") labels.push({ text, found: recognisedField(text) });
  }
  return labels;
}

/** Typeform's label is an object: `{"field":{"id":"…","ref":"…","type":"email"}}`. */
function innerLabels(label: Fields, titles: ReadonlyMap<string, string>): string[] {
  const [id, ref] = [textAt(label, "id"), textAt(label, "ref")];
  const title = titles.get(id ?? "") ?? titles.get(ref ?? "");
  return [
    title,
    textAt(label, "title"),
    textAt(label, "label"),
    textAt(label, "text"),
    textAt(label, "name"),
    ref,
  ].filter((text): text is string => typeof text === "string");
}

const consent: RecognisedField = { field: "consent", key: "", isWeak: true };
const toldByType = new Set<LeadField>(["email", "phone", "consent"]);

/** `INPUT_EMAIL`, `phone_number`, `tel`, `legal`: of the other types none says what was meant. */
function fieldOfType(type: string | null): RecognisedField | null {
  if (type === null) return null;
  const found = /^(?:legal|acceptance|consent|gdpr)/i.test(type) ? consent : recognisedField(type);
  return found !== null && toldByType.has(found.field) ? { ...found, isWeak: true } : null;
}

/** Typeform's `"field":{"type":"legal"}` is answered with `"type":"boolean"`. */
function askedType(field: unknown): string | null {
  return isObject(field) ? textAt(field, "type") : null;
}

/** Of choices the text counts, wherever it stands. */
function choiceText(value: unknown, options: unknown): unknown {
  if (isObject(value)) {
    if (Array.isArray(value["labels"])) {
      const other = textAt(value, "other");
      return [...(value["labels"] as unknown[]), ...(other === null ? [] : [other])];
    }
    return textAt(value, "label") ?? textAt(value, "other") ?? textAt(value, "text") ?? value;
  }
  if (!Array.isArray(options)) return Array.isArray(value) ? value.map(innerText) : value;
  const texts = new Map<unknown, string>();
  for (const option of options as unknown[]) {
    const text = isObject(option) ? (textAt(option, "text") ?? textAt(option, "label")) : null;
    if (isObject(option) && text !== null) texts.set(option["id"] ?? option["value"], text);
  }
  const textOf = (each: unknown): unknown => texts.get(each) ?? each;
  return Array.isArray(value) ? value.map(textOf) : textOf(value);
}

/** `[{"answer":"Anna"}]` */
function innerText(item: unknown): unknown {
  if (!isObject(item)) return item;
  const name = innerNames.find((each) => typeof item[each] === "string");
  return name === undefined ? item : item[name];
}

const innerNames = ["answer", "label", "text", "value"];

function textAt(fields: Fields, name: string): string | null {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === "string" ? value : null;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Those first that stay the same when somebody words a question anew. */
const labelNames = [
  ...["column_id", "title", "label", "question", "frage", "name", "key", "field", "fieldName", "slug", "id"],
  "checkbox_key",
];

const answerNames = [
  ...[
    "string_value",
    "value",
    "val",
    "values",
    "answer",
    "answers",
    "raw_value",
    "response",
    "antwort",
    "wert",
  ],
  ...["is_checked", "text", "choice", "choices"],
];
