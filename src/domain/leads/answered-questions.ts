// Everything that a lead says, as questions with answers, in the order of the form: for people who read it somewhere else
// than here.
import { ExactNumber, parseExactly } from "../values/exact-json.ts";
import { answerOf } from "./labelled-answer.ts";
import { textOf } from "./field-values.ts";
import { recognisedField, saidName } from "./field-names.ts";

export interface AnsweredQuestion {
  /** As whoever made the form called it. */
  readonly question: string;
  readonly answer: string;
}

/** A file that was sent with a form; its content where it was kept. */
export interface LeadFile {
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly base64: string | null;
}

export interface LeadAnswers {
  readonly questions: readonly AnsweredQuestion[];
  readonly files: readonly LeadFile[];
}

/** Never throws, whatever the body is. Tracking and what a form's program needs for itself are left out. */
export function answersIn(body: unknown): LeadAnswers {
  const walk: Walk = { questions: [], files: [], titles: titlesIn(body) };
  visit(walk, "", body, 0);
  return walk;
}

interface Walk {
  readonly questions: AnsweredQuestion[];
  readonly files: LeadFile[];
  readonly titles: ReadonlyMap<string, string>;
}

type Fields = Readonly<Record<string, unknown>>;

function visit(walk: Walk, question: string, value: unknown, depth: number): void {
  if (depth > depthMax || walk.questions.length >= questionsMax) return;
  if (Array.isArray(value)) visitList(walk, question, value, depth);
  else if (isFile(value)) addFile(walk, question, value);
  else if (isObject(value)) visitObject(walk, question, value, depth);
  else {
    const inner = typeof value === "string" ? innerOf(value) : null;
    if (inner === null) add(walk, question, value);
    else visit(walk, question, inner, depth + 1);
  }
}

/** `{"title":"E-Mail","value":"anna@example.com"}` is one answer. */
function visitObject(walk: Walk, question: string, fields: Fields, depth: number): void {
  const isAnswer = Object.hasOwn(fields, "value") || Object.hasOwn(fields, "raw_value");
  const answer = isAnswer ? answerOf(fields, walk.titles) : null;
  if (answer === null) visitMembers(walk, question, fields, depth);
  else visit(walk, answer.label === "" ? question : answer.label, answer.value, depth + 1);
}

/** Some senders put JSON into a text. */
function innerOf(text: string): object | null {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    const inner = parseExactly(text);
    return typeof inner === "object" ? inner : null;
  } catch {
    return null;
  }
}

function visitList(walk: Walk, question: string, list: readonly unknown[], depth: number): void {
  if (list.every((each) => !isObject(each) && !Array.isArray(each))) {
    add(walk, question, list);
    return;
  }
  for (const item of list.slice(0, questionsMax)) {
    const answer = isObject(item) ? answerOf(item, walk.titles) : null;
    if (answer === null) visit(walk, question, item, depth + 1);
    else visit(walk, answer.label === "" ? question : answer.label, answer.value, depth + 1);
  }
}

function visitMembers(walk: Walk, question: string, fields: Fields, depth: number): void {
  for (const [name, value] of Object.entries(fields)) {
    if (isTechnical(name)) continue;
    const asked = spoken(name);
    visit(
      walk,
      depth === 0 || question === "" || isWrapper(question) ? asked : `${question}: ${asked}`,
      value,
      depth + 1,
    );
  }
}

function add(walk: Walk, question: string, value: unknown): void {
  const answer = typeof value === "boolean" ? String(value) : textOf(value);
  if (answer !== null) walk.questions.push({ question, answer });
}

function addFile(walk: Walk, question: string, file: StoredFile): void {
  const { name, type = "", size_bytes: sizeBytes, base64 = null } = file;
  walk.files.push({ name, type, sizeBytes, base64 });
  walk.questions.push({ question, answer: `${name} (${Math.ceil(sizeBytes / 1_024)} kB)` });
}

/** As `form-files.ts` writes it. */
interface StoredFile {
  readonly name: string;
  readonly type?: string;
  readonly size_bytes: number;
  readonly base64?: string;
}

function isFile(value: unknown): value is StoredFile {
  return (
    isObject(value) &&
    typeof value["name"] === "string" &&
    typeof value["size_bytes"] === "number" &&
    typeof value["sha256"] === "string"
  );
}

/** `vor_name` is a name to programs; `Vor name` is none to people, but better than that. */
function spoken(name: string): string {
  const said = saidName(name);
  const words = /[\s?!:]/.test(said) ? said : said.replaceAll(/[_-]+/g, " ").trim();
  return words === "" ? said : words.charAt(0).toUpperCase() + words.slice(1);
}

/** Of hidden fields and of tracking; what is under it tells people nothing about whoever asks. */
function isTechnical(name: string): boolean {
  const field = recognisedField(name)?.field;
  return name.startsWith("_") || field === "utm" || field === "click_id" || technical.has(name.toLowerCase());
}

const technical = new Set([
  ...[
    "user_agent",
    "useragent",
    "ip",
    "ip_address",
    "remote_ip",
    "token",
    "nonce",
    "csrf",
    "honeypot",
    "hidden",
  ],
  ...[
    "g-recaptcha-response",
    "cf-turnstile-response",
    "h-captcha-response",
    "utm",
    "cookies",
    "schema",
    "calculated",
  ],
]);

/** They say nothing of what is asked. */
function isWrapper(question: string): boolean {
  return wrappers.has(question.toLowerCase());
}

const wrappers = new Set([
  ...["data", "fields", "form", "answers", "values", "payload", "body", "lead", "form fields", "form data"],
  ...["submission", "form response", "user column data", "field data", "response", "responses", "formular"],
]);

/** Typeform says what was asked apart from what was answered. */
function titlesIn(body: unknown): ReadonlyMap<string, string> {
  const titles = new Map<string, string>();
  const response = isObject(body) && isObject(body["form_response"]) ? body["form_response"] : null;
  const definition = response !== null && isObject(response["definition"]) ? response["definition"] : null;
  const fields = definition?.["fields"];
  for (const field of Array.isArray(fields) ? (fields as unknown[]).slice(0, questionsMax) : []) {
    if (!isObject(field) || typeof field["title"] !== "string") continue;
    for (const id of [field["id"], field["ref"]]) if (typeof id === "string") titles.set(id, field["title"]);
  }
  return titles;
}

function isObject(value: unknown): value is Fields {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  );
}

const depthMax = 8;
const questionsMax = 200;
