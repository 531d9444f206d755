// Finds what a body says in whatever shape it came: fields by their names, lists of labelled answers, composite and
// numbered fields, JSON within a text. What is found is neither checked nor made comparable here.
import { ExactNumber, parseExactly } from "../values/exact-json.ts";
import { isAdvertising, recognisedField } from "./field-names.ts";
import type { LeadField, RecognisedField } from "./field-names.ts";
import { tickOf } from "./field-values.ts";
import { answerOf } from "./labelled-answer.ts";
import { contextNamed, inContext, isInherited } from "./field-context.ts";
import type { FieldContext } from "./field-context.ts";
import { isNumberedName, numberedFields } from "./numbered-fields.ts";

export interface FoundField {
  readonly field: LeadField;
  /** Of `utm` and `click_id`: which. */
  readonly key: string;
  readonly isWeak: boolean;
  /** 0: at the top. What stands further up is nearer to the person than what stands deep in the body. */
  readonly depth: number;
  /** A text, a number, true or false, or a list of these. */
  readonly value: unknown;
  /** As the sender wrote it; of a consent it is often the text. */
  readonly label: string;
}

export interface FieldsFound {
  readonly fields: ReadonlyMap<LeadField, readonly FoundField[]>;
  /** Texts under names that say nothing: `5`, a question of somebody's own. */
  readonly others: readonly OtherText[];
}

export interface OtherText {
  readonly name: string;
  readonly text: string;
}

/** Never throws, whatever the body is. `isWanted`: absent, all fields are. */
export function findFields(body: unknown, isWanted: (field: LeadField) => boolean = everything): FieldsFound {
  const walk: Walk = { fields: new Map(), count: 0, others: [], titles: noTitles, isWanted, objects: 0 };
  if (isObject(body)) visitObject(walk, body, null, 0);
  return walk;
}

interface Walk {
  readonly fields: Map<LeadField, FoundField[]>;
  count: number;
  readonly others: OtherText[];
  /** What questions are called that answers name by an id (Typeform). */
  titles: ReadonlyMap<string, string>;
  readonly isWanted: (field: LeadField) => boolean;
  objects: number;
}

type Fields = Readonly<Record<string, unknown>>;

function visitObject(walk: Walk, sent: Fields, context: FieldContext, depth: number): void {
  if (depth > depthMax || walk.objects >= objectsMax) return;
  walk.objects += 1;
  const names = Object.keys(sent);
  if (context === "phone" || names.some(isTelling)) {
    visitTelling(walk, withoutBrackets(sent), context, depth);
    return;
  }
  for (const name of names) visitMember(walk, name, sent[name], context, depth);
}

/** Names by which the object as a whole may be more than its members. */
function isTelling(name: string): boolean {
  // Of digits, or in brackets.
  return name.charCodeAt(0) <= 0x39 || name.charCodeAt(name.length - 1) === 0x5d || tellingNames.has(name);
}

/** Nearly none is: what is asked here is not asked of the others. */
function visitTelling(walk: Walk, fields: Fields, context: FieldContext, depth: number): void {
  if (Object.hasOwn(fields, "definition")) collectTitles(walk, fields["definition"]);
  if (context === "phone") {
    visitPhone(walk, fields, depth);
    return;
  }
  const names = Object.keys(fields);
  const inForm = describesForm(fields) ? "form" : null;
  const isWrapped = inForm === null && context === null && wrapsAnswers(fields);
  // HubSpot's event of one changed property.
  const { propertyName, propertyValue } = fields;
  if (typeof propertyName === "string")
    visitMember(walk, propertyName, propertyValue ?? null, context, depth);
  for (const name of names) {
    if (typeof propertyName === "string" && name.startsWith("property")) continue;
    const isTitle = name === "name" || name === "title";
    const value = fields[name];
    if (isTitle && isWrapped && typeof value === "string") push(walk, weakName, value, depth, name);
    else visitMember(walk, name, value, inForm !== null && isTitle ? inForm : context, depth);
  }
  if (names.some(isNumberedName))
    for (const { field, value } of numberedFields(fields)) push(walk, plain(field), value, depth, "");
}

const answerLists = ["data", "fields", "answers", "values", "formData", "submission"];
const tellingNames = new Set(["definition", "propertyName", "schema", "site", "siteId", ...answerLists]);
const weakName: RecognisedField = { field: "name", key: "", isWeak: true };

/** `{"name":"Contact","answers":{…}}`: it may be the form's, for whoever answered is in the answers. */
function wrapsAnswers(fields: Fields): boolean {
  return answerLists.some((name) => typeof fields[name] === "object") && !holdsPerson(fields);
}

function holdsPerson(fields: Fields): boolean {
  return Object.keys(fields).some((name) => personFields.has(recognisedField(name)?.field ?? "staff"));
}

const personFields = new Set<LeadField>(["email", "phone", "first_name", "last_name"]);

function visitMember(walk: Walk, name: string, value: unknown, context: FieldContext, depth: number): void {
  if (value === null || value === "" || skipped.has(name)) return;
  const found = context === null ? recognisedField(name) : inContext(context, name);
  if (isScalar(value)) {
    const inner = typeof value === "string" && mayBeJson(value) ? readInner(value) : null;
    if (inner !== null) visitMember(walk, name, inner, context, depth);
    else if (found !== null) push(walk, found, value, depth, name);
    else if (context === null && typeof value === "string") pushOther(walk, name, value);
    return;
  }
  if (Array.isArray(value)) {
    visitList(walk, name, value, found, context, depth);
    return;
  }
  if (!isObject(value)) return;
  const answer = hasValue(value) ? answerOf(value, walk.titles) : null;
  if (answer !== null) {
    const said = found ?? answer.found;
    if (said !== null && isSimple(answer.value)) {
      push(walk, said, answer.value, depth, answer.label || name);
      return;
    }
    if (isObject(answer.value)) {
      visitObject(walk, answer.value, contextWithin(name, said, context), depth + 1);
      return;
    }
    if (said === null && typeof answer.value === "string") {
      pushOther(walk, name, answer.value);
      return;
    }
  } else if (found !== null && hasValue(value)) {
    // HubSpot's `{"value":"…"}`, with what else it knows of it.
    push(walk, found, value["value"] ?? value["raw_value"], depth, name);
    return;
  }
  const within = contextWithin(name, found, context);
  if (within === "product" && pushTicked(walk, value, depth, name)) return;
  // `form[Name]`, `form[Email]` (Joomla): all that was entered, and no description of the form.
  visitObject(walk, value, within === "form" && holdsPerson(value) ? context : within, depth + 1);
}

/** `{"pv":"on","speicher":false}`: what was ticked of several. */
function pushTicked(walk: Walk, choices: Fields, depth: number, label: string): boolean {
  const names = Object.keys(choices);
  const ticks = names.map((name) => (isScalar(choices[name]) ? tickOf(choices[name]) : null));
  if (names.length === 0 || ticks.includes(null)) return false;
  push(
    walk,
    plain("product"),
    names.filter((_, index) => ticks[index]),
    depth,
    label,
  );
  return true;
}

/** Jotform asks for the area apart: `{"area":"030","phone":"123456"}`. */
function visitPhone(walk: Walk, fields: Fields, depth: number): void {
  const { area, phone } = fields as { readonly area?: unknown; readonly phone?: unknown };
  const parts = typeof area === "string" && area !== "" ? { phone: `${area} ${String(phone)}` } : fields;
  for (const [name, value] of Object.entries(parts)) {
    const found = inContext("phone", name) ?? recognisedField(name);
    if (found !== null) push(walk, found, value, depth, name);
  }
}

function contextWithin(name: string, found: RecognisedField | null, context: FieldContext): FieldContext {
  return contextNamed(name, found) ?? (isInherited(context) ? context : null);
}

function visitList(
  walk: Walk,
  name: string,
  list: readonly unknown[],
  found: RecognisedField | null,
  context: FieldContext,
  depth: number,
): void {
  if (list.every(isScalar)) {
    const [first] = list;
    if (found !== null) push(walk, found, list, depth, name);
    else if (list.length === 1 && typeof first === "string" && context === null) pushOther(walk, name, first);
    return;
  }
  const within = contextWithin(name, found, context);
  for (const item of (within === "consent" ? advertisingLast(list) : list).slice(0, objectsMax)) {
    if (Array.isArray(item)) visitPair(walk, item, within, depth + 1);
    else if (isObject(item) && found !== null && isOfList(found, item))
      push(walk, found, ownValue(item), depth, name);
    else if (isObject(item)) visitItem(walk, item, within, depth + 1);
  }
}

/** `"email":[{"label":"work","value":"…"}]` (Pipedrive), `message[0][value]` (Drupal): the list says what it is. */
function isOfList(found: RecognisedField, item: Fields): boolean {
  return (
    !found.isWeak &&
    told.has(found.field) &&
    typeof ownValue(item) === "string" &&
    !holdsPerson(withoutValue(item))
  );
}

function ownValue(item: Fields): unknown {
  return item["value"] ?? item["email"] ?? item["address"];
}

function withoutValue({ email, ...others }: Fields): Fields {
  return typeof email === "string" ? others : { ...others };
}

const told = new Set<LeadField>(["email", "phone", "message", "street", "postal_code", "town", "company"]);

/** `["email","anna@example.com"]`, an entry of a list of pairs. */
function visitPair(walk: Walk, item: readonly unknown[], context: FieldContext, depth: number): void {
  const [name, value] = item;
  if (item.length === 2 && typeof name === "string") visitMember(walk, name, value, context, depth);
}

/** An answer whose label says nothing is nobody's name, whatever the member is called that bears the label. */
function visitItem(walk: Walk, item: Fields, context: FieldContext, depth: number): void {
  const answer = context === "consent" && saysConsent(item) ? null : answerOf(item, walk.titles);
  if (answer === null) {
    visitObject(walk, item, context, depth);
    return;
  }
  const said = context === null || context === "consent" ? (answer.found ?? inConsent(context)) : null;
  if (isObject(answer.value)) visitObject(walk, answer.value, contextNamed(answer.label, said), depth + 1);
  else if (said !== null) push(walk, said, answer.value, depth, answer.label);
  else if (typeof answer.value === "string") pushOther(walk, answer.label, answer.value);
}

/** `{"text":"…","granted":false}`: its text is no answer. */
function saysConsent(item: Fields): boolean {
  return Object.keys(item).some((name) => /^(?:is)?(?:given|granted|accepted|agreed|consented)$/i.test(name));
}

/** What is agreed to beside it comes second. */
function advertisingLast(list: readonly unknown[]): readonly unknown[] {
  const isOther = (item: unknown): boolean =>
    isObject(item) &&
    ["name", "type", "key", "purpose", "checkbox_key"].some(
      (name) => typeof item[name] === "string" && isAdvertising(item[name]),
    );
  return [...list.filter((item) => !isOther(item)), ...list.filter(isOther)];
}

function inConsent(context: FieldContext): RecognisedField | null {
  return context === "consent" ? plain("consent") : null;
}

function push(walk: Walk, found: RecognisedField, value: unknown, depth: number, label: string): void {
  if (!walk.isWanted(found.field) || walk.count >= fieldsMax || !isSimple(value)) return;
  const { field, key, isWeak } = found;
  const said = { field, key, isWeak, depth, value, label };
  const others = walk.fields.get(field);
  if (others === undefined) walk.fields.set(field, [said]);
  else others.push(said);
  walk.count += 1;
}

function pushOther(walk: Walk, name: string, text: string): void {
  if (walk.others.length < othersMax && text.length <= otherUnitsMax) walk.others.push({ name, text });
}

function plain(field: LeadField): RecognisedField {
  return { field, key: "", isWeak: false };
}

/** Typeform says what was asked apart from what was answered. */
function collectTitles(walk: Walk, definition: unknown): void {
  const fields = isObject(definition) ? definition["fields"] : null;
  if (!Array.isArray(fields)) return;
  if (isObject(definition) && typeof definition["title"] === "string")
    push(walk, { field: "form", key: "", isWeak: false }, definition["title"], 0, "");
  const titles = new Map(walk.titles);
  addTitles(titles, fields as unknown[], 0);
  walk.titles = titles;
}

/** A group's questions stand within it. */
function addTitles(titles: Map<string, string>, fields: readonly unknown[], depth: number): void {
  for (const question of fields.slice(0, objectsMax)) {
    if (!isObject(question)) continue;
    for (const id of [question["id"], question["ref"]])
      if (typeof id === "string" && typeof question["title"] === "string") titles.set(id, question["title"]);
    const { properties } = question;
    const inner = isObject(properties) ? properties["fields"] : null;
    if (Array.isArray(inner) && depth < depthMax) addTitles(titles, inner as unknown[], depth + 1);
  }
}

/** Beside the answers stands what the form is called: `{"name":"Contact","siteId":…,"data":{…}}`. */
function describesForm(fields: Fields): boolean {
  const holds = (name: string): boolean => Object.hasOwn(fields, name);
  return (holds("data") && (holds("siteId") || holds("site"))) || holds("schema");
}

/** `fields[email][value]`, as PHP would read it; a name that only looks like it stays as it is. */
function withoutBrackets(fields: Fields): Fields {
  const names = Object.keys(fields);
  if (!names.some((name) => name.endsWith("]"))) return fields;
  const nested = new Map<string, unknown>();
  for (const name of names) {
    const path = bracketPath(name);
    if (path === null) nested.set(name, fields[name]);
    else putAt(nested, path, fields[name]);
  }
  return Object.fromEntries([...nested].map(([name, value]) => [name, plainOf(value)]));
}

function bracketPath(name: string): string[] | null {
  if (name.length > bracketUnitsMax || !/^[^[\]]+(?:\[[^[\]]*\])+$/.test(name)) return null;
  const path = name.split(/[[\]]/).filter((part) => part !== "");
  return path.length > depthMax ? null : path;
}

function putAt(place: Map<string, unknown>, path: readonly string[], value: unknown): void {
  const [token = "", ...rest] = path;
  if (rest.length === 0) {
    place.set(token, value);
    return;
  }
  const there = place.get(token);
  const inner = there instanceof Map ? (there as Map<string, unknown>) : new Map<string, unknown>();
  if (inner !== there) place.set(token, inner);
  putAt(inner, rest, value);
}

function plainOf(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  const members = [...(value as Map<string, unknown>)];
  const isList = members.length > 0 && members.every(([name], index) => name === String(index));
  return isList
    ? members.map(([, member]) => plainOf(member))
    : Object.fromEntries(members.map(([name, member]) => [name, plainOf(member)]));
}

function mayBeJson(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === 0x7b || first === 0x5b || (first <= 0x20 && /^\s*[[{]/.test(text));
}

/** A text that is itself JSON: Jotform's `rawRequest`, Unbounce's `data.json`. */
function readInner(text: string): unknown {
  try {
    JSON.parse(text);
    const value = parseExactly(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function hasValue(fields: Fields): boolean {
  return Object.hasOwn(fields, "value") || Object.hasOwn(fields, "raw_value");
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null || value instanceof ExactNumber;
}

function isSimple(value: unknown): boolean {
  return isScalar(value) || (Array.isArray(value) && value.every(isScalar));
}

function isObject(value: unknown): value is Fields {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  );
}

const noTitles: ReadonlyMap<string, string> = new Map();

function everything(): boolean {
  return true;
}

/** They repeat or describe what stands elsewhere. */
const skipped = new Set([
  ...[
    "schema",
    "options",
    "ending",
    "pretty",
    "data.xml",
    "user_inputs",
    "human_fields",
    "ordered_human_fields",
  ],
  ...["calculated", "headers", "__proto__"],
]);

const depthMax = 8;
const objectsMax = 500;
const fieldsMax = 500;
const othersMax = 100;
const otherUnitsMax = 500;
const bracketUnitsMax = 200;
