// A message about alerts, in the recipient's language: what is wrong, whether leads are safe, what to do, where to look.
// No person's data: codes, counts, names of sources and destinations, and ids of leads.
import { explain } from "../explanations/catalogue.ts";
import type { Language } from "../domain/errors/explained.ts";
import type { Claimed, ToldAlert } from "../ledger/alerts/notifications.ts";
import type { Notice } from "../kinds/destinations/notice.ts";
import { messageWords } from "./message-words.ts";
import type { MessageKind } from "./message-words.ts";

export interface ToSay {
  readonly kind: MessageKind;
  /** UUID: the same at every attempt. */
  readonly message: string;
  readonly insteadOf: string | null;
  /** The worst first. */
  readonly alerts: readonly (ToldAlert & { readonly runIds: readonly string[] })[];
  /** Of a request to confirm. */
  readonly code: string | null;
  readonly recipient: string;
}

export interface Saying {
  readonly language: Language;
  /** Without a slash at its end; null: it is not set. */
  readonly publicUrl: string | null;
  readonly timezone: string;
}

/** One alert in words. */
export interface SaidAlert {
  readonly title: string;
  readonly happened: string;
  readonly safe: string;
  readonly todo: string;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly runs: readonly { readonly runId: string; readonly href: string | null }[];
  readonly severity: ToldAlert["severity"];
}

export interface AlertMessage {
  readonly kind: MessageKind;
  readonly subject: string;
  /** Before the alerts; null: nothing. */
  readonly intro: string | null;
  readonly alerts: readonly SaidAlert[];
  readonly link: { readonly text: string; readonly href: string } | null;
  /** Why one gets this. */
  readonly footer: string;
  /** For programs: the body of a webhook, JSON. */
  readonly body: string;
  readonly notice: Notice;
  readonly language: Language;
}

export function alertMessage(said: ToSay, saying: Saying): AlertMessage {
  const { language, publicUrl } = saying;
  const words = messageWords[language];
  const alerts = said.alerts.map((alert) => sayAlert(alert, said.kind, saying));
  const subject = subjectOf(said, alerts, language);
  const intro = introOf(said, language);
  const link = linkOf(said, saying);
  return {
    kind: said.kind,
    subject,
    intro,
    alerts,
    link,
    footer: words.footer(said.recipient),
    body: JSON.stringify(bodyOf(said, alerts, subject, publicUrl)),
    notice: noticeOf(said, subject, intro, alerts, link),
    language,
  };
}

function subjectOf({ kind, alerts: facts }: ToSay, alerts: readonly SaidAlert[], language: Language): string {
  const words = messageWords[language];
  const [first] = alerts;
  const [fact] = facts;
  if (first === undefined || fact === undefined)
    return words.alone[kind === "test" ? "test" : "confirmation"];
  const prefix = words.prefix(kind, fact.severity);
  const more = alerts.length > 1 ? words.more(alerts.length - 1) : "";
  return `${prefix}: ${headline(fact, first)}${more}`;
}

function headline({ subject, subject_kind: kind }: ToldAlert, { title }: SaidAlert): string {
  return subject === null || kind === "other" || kind === "installation" ? title : `${subject}: ${title}`;
}

function introOf({ kind, insteadOf, code }: ToSay, language: Language): string | null {
  const words = messageWords[language];
  if (kind === "confirmation") return words.confirm(code ?? "");
  if (kind === "test") return words.test;
  if (insteadOf !== null) return words.insteadOf(insteadOf);
  return kind === "escalated" ? words.escalated : null;
}

function linkOf({ kind, recipient, code }: ToSay, { publicUrl, language }: Saying): AlertMessage["link"] {
  if (publicUrl === null) return null;
  const words = messageWords[language];
  if (kind === "confirmation") {
    const query = new URLSearchParams({ recipient, code: code ?? "" });
    return { text: words.confirmLink, href: `${publicUrl}/confirm-alerts?${query.toString()}` };
  }
  return { text: words.link, href: `${publicUrl}/alerts` };
}

function sayAlert(alert: ToSay["alerts"][number], kind: MessageKind, saying: Saying): SaidAlert {
  const { language, publicUrl } = saying;
  const words = messageWords[language];
  const told = explain(alert.code, language);
  const isOver = kind === "cleared";
  return {
    title: told?.title ?? alert.code,
    happened: isOver ? words.over : (told?.what_happened ?? ""),
    safe: isOver ? "" : (told?.lead_safe ?? ""),
    todo: isOver ? "" : (told?.what_to_do ?? ""),
    facts: factsOf(alert, isOver, saying),
    runs: alert.runIds.map((runId) => ({
      runId,
      href: publicUrl === null ? null : `${publicUrl}/leads/${runId}`,
    })),
    severity: alert.severity,
  };
}

function factsOf(alert: ToldAlert, isOver: boolean, { language, timezone }: Saying): SaidAlert["facts"] {
  const words = messageWords[language];
  const time = new Intl.DateTimeFormat(language === "de" ? "de-DE" : "en-GB", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: timezone,
  });
  const { subject, subject_kind: kind, alarm, since, cleared_at: clearedAt } = alert;
  const place =
    kind === "source" || kind === "destination" ? [{ label: words[kind], text: subject ?? "" }] : [];
  const count = [alarm["count"], alarm["waiting"], alarm["held"]].find((each) => typeof each === "number");
  const reason = reasonOf(alarm, language);
  return [
    ...place,
    ...(isOver || count === undefined ? [] : [{ label: words.count, text: String(count) }]),
    ...(isOver || reason === null ? [] : [{ label: words.reason, text: reason }]),
    { label: words.since, text: time.format(since) },
    ...(clearedAt === null ? [] : [{ label: words.until, text: time.format(clearedAt) }]),
    { label: words.code, text: alert.code },
  ];
}

/** What stands with the alarm as a code of its own, in words. */
function reasonOf(alarm: ToldAlert["alarm"], language: Language): string | null {
  const largest = alarm["largest"] as Readonly<Record<string, unknown>> | undefined;
  const code = alarm["error_code"] ?? largest?.["error_code"];
  if (typeof code !== "string") return null;
  const told = explain(code, language);
  return told === null ? code : `${told.title} (${code})`;
}

function bodyOf(
  { kind, message, recipient, insteadOf, alerts, code }: ToSay,
  said: readonly SaidAlert[],
  title: string,
  publicUrl: string | null,
): object {
  return {
    type: `alert.${kind}`,
    message_id: message,
    recipient,
    title,
    ...(insteadOf === null ? {} : { instead_of: insteadOf }),
    ...(code === null ? {} : { confirmation_code: code }),
    alerts: alerts.map((alert, index) => ({
      alert_id: alert.alert_id,
      code: alert.code,
      severity: alert.severity,
      about: { kind: alert.subject_kind, name: alert.subject },
      title: said[index]?.title ?? alert.code,
      happened: said[index]?.happened ?? "",
      todo: said[index]?.todo ?? "",
      since: alert.since,
      raised_at: alert.raised_at,
      cleared_at: alert.cleared_at,
      run_ids: alert.runIds,
    })),
    url: publicUrl === null ? null : `${publicUrl}/alerts`,
  };
}

function noticeOf(
  { message, kind, code }: ToSay,
  title: string,
  intro: string | null,
  alerts: readonly SaidAlert[],
  link: Notice["link"],
): Notice {
  const [first] = alerts;
  const facts = alerts.length === 1 ? (first?.facts ?? []) : [];
  const paragraphs = alerts.map((alert) =>
    alerts.length === 1
      ? [alert.happened, alert.todo, ...runLine(alert)].filter((text) => text !== "").join("\n")
      : [
          `• ${alert.title}`,
          ...alert.facts.map(({ label, text }) => `${label}: ${text}`),
          ...runLine(alert),
        ].join("\n"),
  );
  const text = [...(intro === null ? [] : [intro]), ...paragraphs].join("\n\n");
  return {
    title: cut(title, titleCharactersMax),
    facts: kind === "confirmation" && code !== null ? [] : facts,
    message: text === "" ? null : cut(text, messageCharactersMax),
    link,
    runId: message,
  };
}

function runLine({ runs }: SaidAlert): string[] {
  return runs.length === 0 ? [] : [`Leads: ${runs.map(({ runId }) => runId).join(", ")}`];
}

const titleCharactersMax = 140;
const messageCharactersMax = 2_000;

function cut(text: string, charactersMax: number): string {
  const characters = Array.from(text);
  return characters.length <= charactersMax ? text : `${characters.slice(0, charactersMax - 1).join("")}…`;
}

export function saidOfClaimed(
  { kind, message, insteadOf, alerts, recipient }: Claimed,
  runIds: ReadonlyMap<string, readonly string[]>,
  code: string | null,
): ToSay {
  return {
    kind,
    message,
    insteadOf,
    alerts: alerts.map((alert) => ({ ...alert, runIds: runIds.get(alert.alert_id) ?? [] })),
    code,
    recipient,
  };
}
