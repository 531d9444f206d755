// What of a lead is shown to somebody who need not see the person behind it: person data masked, the rest as it is.
import { ExactNumber, parseExactly, writeExactly } from "../values/exact-json.ts";
import { parsePointer } from "../values/json-pointer.ts";
import { hidden, maskedText, maskedValue } from "./masked-text.ts";
import { personFieldKind } from "./person-field-names.ts";
import type { PersonPlace } from "./mapped-places.ts";
import type { PersonFieldKind } from "./person-field-names.ts";
import { mayHoldPersonFields } from "../log/event-types.ts";

export { maskedText } from "./masked-text.ts";

/** RFC 6901 pointers into a lead's body, as its source's configuration names them. */
export interface MaskedPointers {
  readonly email: string | null;
  readonly phone: string | null;
  /** Of this installation: what else belongs to a person, in the leads of every source. */
  readonly others?: readonly string[];
  /** Of the source's map: where it takes from what belongs to a person. */
  readonly mapped?: readonly PersonPlace[];
}

/**
 * A lead's body. Fields are recognised by their German or English names at any depth, lists of labelled answers too,
 * and what the source's pointers point to; addresses and telephone numbers also within other texts. Never throws.
 */
export function maskBody(body: unknown, pointers: MaskedPointers | null = null): unknown {
  // What could not be read has no fields by which to tell what belongs to a person.
  if (typeof body === "string") return body === "" ? "" : hidden;
  const pointed = pointers === null ? [] : pointedTo(pointers);
  return masked(body, { depth: 0, pointed, fieldNames: true });
}

/**
 * The payload of a DLQ entry or an audit event, in which a lead's body may stand. `fieldNames`: false where the names
 * of its members are LeadLedger's own (a destination's `name` is no person's), so that only texts are looked through;
 * what is below `body` and its like is masked as a body all the same.
 */
export function maskPayload(
  payload: unknown,
  { pointers, fieldNames }: { readonly pointers: MaskedPointers | null; readonly fieldNames: boolean },
): unknown {
  if (!isObject(payload)) return fieldNames ? maskBody(payload) : masked(payload, plain);
  return mapMembers(payload, (value, name) => {
    if (bodyNames.has(name)) return maskBody(value, pointers);
    if (name === "body_base64") return hidden;
    if (ownNames.has(name)) return masked(value, plain);
    return maskedMember(value, name, { depth: 1, pointed: [], fieldNames });
  });
}

/** As `maskPayload`, by what is known of the event: a lead's and those made by hand may hold fields of a person. */
export function maskEventPayload(
  event: { readonly event_type: string; readonly actor: string; readonly payload: unknown },
  pointers: MaskedPointers | null,
): unknown {
  const fieldNames = event.actor.startsWith("db:") || mayHoldPersonFields(event.event_type);
  return maskPayload(event.payload, { pointers, fieldNames });
}

interface Place {
  readonly depth: number;
  /** Tokens that still lie ahead on the way to what a pointer points to. */
  readonly pointed: readonly { readonly tokens: readonly string[]; readonly kind: PersonFieldKind }[];
  readonly fieldNames: boolean;
}

const plain: Place = { depth: 0, pointed: [], fieldNames: false };

function masked(value: unknown, place: Place): unknown {
  const { kind = null } = place.pointed.find(({ tokens }) => tokens.length === 0) ?? {};
  if (kind !== null) return hiddenWhole(value, kind, place.depth);
  if (typeof value === "string") return place.fieldNames ? maskedWithin(value, place) : maskedText(value);
  if (typeof value !== "object" || value === null || value instanceof ExactNumber) return value;
  if (place.depth > depthMax) return hidden;
  if (Array.isArray(value)) {
    const pairKind = place.fieldNames ? kindOfPair(value) : null;
    if (pairKind !== null)
      return [maskedText(String(value[0])), hiddenWhole(value[1], pairKind, place.depth + 1)];
    return value.map((item, index) => masked(item, within(place, String(index))));
  }
  if (!isObject(value)) return value;
  const answer = place.fieldNames ? labelledAnswer(value) : null;
  return mapMembers(value, (member, name) => {
    if (answer !== null && name === answer.labelName && typeof member === "string") return maskedText(member);
    if (answer?.kind != null && answerNames.has(name))
      return hiddenWhole(member, answer.kind, place.depth + 1);
    return maskedMember(member, name, within(place, name));
  });
}

/** A text that is itself JSON (Jotform's `rawRequest`) is a body of its own; so are the parameters of an address. */
function maskedWithin(text: string, place: Place): string {
  if (!/^\s*[[{]/.test(text)) return maskedText(maskedParameters(text));
  const inner = readInner(text);
  if (inner === null) return maskedText(text);
  // Cut off or broken: nobody can tell whose what is.
  if (inner === "unreadable") return hidden;
  return writeExactly(masked(inner.value, { depth: place.depth + 1, pointed: [], fieldNames: true }));
}

/** null: no JSON at all, as "[urgent] Please call". */
function readInner(text: string): { readonly value: unknown } | "unreadable" | null {
  try {
    JSON.parse(text);
    const value = parseExactly(text);
    return typeof value === "string" ? "unreadable" : { value };
  } catch {
    return /^\s*(?:\[\s*)?\{\s*"/.test(text) ? "unreadable" : null;
  }
}

/** `https://example.com/thanks?name=Anna&plan=a`, `name=Anna&plan=a`. */
function maskedParameters(text: string): string {
  if (!text.includes("=")) return text;
  return text.replaceAll(
    /([?&]|^)([^?&=#\s]{1,80})=([^&#\s]{1,500})/g,
    (whole, before: string, name: string, value: string) => {
      const kind = personFieldKind(decoded(name));
      return kind === null ? whole : `${before}${name}=${maskedValue(decoded(value), kind)}`;
    },
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** `["email","anna@example.com"]`, an entry of a list of pairs. */
function kindOfPair(value: readonly unknown[]): PersonFieldKind | null {
  const [name] = value;
  return value.length === 2 && typeof name === "string" ? personFieldKind(name) : null;
}

function maskedMember(value: unknown, name: string, place: Place): unknown {
  // Whatever the names around it say: in a log of differences, a lead's old and new values stand under these.
  if (!place.fieldNames && bodyNames.has(name)) return maskBody(value);
  const kind = place.fieldNames ? personFieldKind(name) : null;
  if (kind === null || holdsPersonFields(value)) return masked(value, place);
  return hiddenWhole(value, kind, place.depth);
}

/** `"kunde":{"vorname":…,"budget":…}`: the names within say better than the one above them what belongs to a person. */
function holdsPersonFields(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(holdsPersonFields);
  return isObject(value) && Object.keys(value).some((name) => personFieldKind(name) !== null);
}

/** Every text and number in it; what is true or false tells nothing of anybody. */
function hiddenWhole(value: unknown, kind: PersonFieldKind, depth: number): unknown {
  if (typeof value === "string") return maskedValue(value, kind);
  if (typeof value === "number" || typeof value === "bigint") return maskedValue(String(value), kind);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof ExactNumber) return maskedValue(value.text, kind);
  if (depth > depthMax) return hidden;
  if (Array.isArray(value)) return value.map((item) => hiddenWhole(item, kind, depth + 1));
  if (!isObject(value)) return hidden;
  return mapMembers(value, (member, name) => hiddenWhole(member, personFieldKind(name) ?? kind, depth + 1));
}

interface LabelledAnswer {
  readonly labelName: string;
  readonly label: string;
  readonly kind: PersonFieldKind | null;
}

/**
 * Form builders send lists of labelled answers, such as `{"column_id":"EMAIL","string_value":"…"}`; a JSON Patch names
 * its value by a path.
 */
function labelledAnswer(fields: Fields): LabelledAnswer | null {
  if (!Object.keys(fields).some((name) => answerNames.has(name))) return null;
  let first: LabelledAnswer | null = null;
  for (const labelName of labelNames) {
    const label = labelIn(fields, labelName);
    if (label === null) continue;
    const field = labelName === "path" ? fieldOfPath(label) : label;
    const answer = { labelName, label, kind: personFieldKind(field) };
    if (answer.kind !== null) return answer;
    first ??= answer;
  }
  return first;
}

/** Typeform's label is an object: `{"field":{"title":"E-Mail"},"email":…}`. */
function labelIn(fields: Fields, labelName: string): string | null {
  const label = Object.hasOwn(fields, labelName) ? fields[labelName] : undefined;
  if (typeof label === "string") return label;
  if (!isObject(label)) return null;
  const inner = ["title", "label", "name", "ref"].map((name) =>
    Object.hasOwn(label, name) ? label[name] : undefined,
  );
  return (
    (inner.find((each) => typeof each === "string" && personFieldKind(each) !== null) as
      string | undefined) ?? null
  );
}

/** `/emails/0` speaks of e-mails. */
function fieldOfPath(path: string): string {
  return parsePointer(path)?.findLast((token) => !/^(?:\d+|-)$/.test(token)) ?? path;
}

function pointedTo({ email, phone, others = [], mapped = [] }: MaskedPointers): Place["pointed"] {
  return [
    { pointer: email, kind: "email" as const },
    { pointer: phone, kind: "phone" as const },
    ...others.map((pointer) => ({ pointer, kind: "other" as const })),
    ...mapped,
  ].flatMap(({ pointer, kind }) => {
    const tokens = pointer === null ? null : parsePointer(pointer);
    return tokens === null ? [] : [{ tokens, kind }];
  });
}

function within({ depth, pointed, fieldNames }: Place, token: string): Place {
  const ahead = pointed
    .filter(({ tokens }) => tokens[0] === token)
    .map(({ tokens, kind }) => ({ tokens: tokens.slice(1), kind }));
  return { depth: depth + 1, pointed: ahead, fieldNames };
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  );
}

/** Own members only, and each becomes one: `__proto__` is a name like any other. */
function mapMembers(fields: Fields, change: (value: unknown, name: string) => unknown): Fields {
  const taken = new Set<string>();
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [shownName(name, taken), change(value, name)]),
  );
}

/** A person may stand in the name of a member: `{"m@example.com":"yes"}`. Names that look alike are told apart. */
function shownName(name: string, taken: Set<string>): string {
  const bare = /^(?:49|00)[0-9]{9,12}$/.test(name) ? maskedValue(name, "phone") : maskedText(name);
  let shown = bare;
  for (let count = 2; bare !== name && taken.has(shown); count++) shown = `${bare} (${count})`;
  taken.add(shown);
  return shown;
}

const labelNames = [
  "column_id",
  "name",
  "label",
  "key",
  "field",
  "title",
  "id",
  "path",
  "question",
  "frage",
  "slug",
];
const answerNames = new Set([
  ...[
    "string_value",
    "value",
    "values",
    "answer",
    "answers",
    "text",
    "response",
    "antwort",
    "wert",
    "raw_value",
  ],
  ...["prettyFormat", "input", "content"],
]);
/** Members of payloads that hold a lead's body or pieces of it. */
const bodyNames = new Set(["body", "payload", "data", "before", "after", "patch", "difference"]);
/** Members of payloads that LeadLedger writes beside a body. */
const ownNames = new Set(["at", "source", "sha256", "content_type", "arrival_id"]);

/** Intake takes 64 levels; what a person put in by hand may have more. */
const depthMax = 100;
