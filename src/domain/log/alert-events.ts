// What becomes of alarms that somebody is told of, and who is told.
import type { EventType } from "./event-type.ts";

const alert = { alert_id: "text", code: "text", severity: "text", about: "text", name: "text|null" } as const;
const told = {
  message: "text",
  recipient: "text",
  kind: "text",
  alerts: "texts",
  attempt: "number",
} as const;

const example =
  '`{"alert_id": "0193…", "code": "destination_left_alone", "severity": "error", "about": "destination", "name": "crm"}`';

export const alertEvents = {
  alert_raised: {
    topic: "configuration",
    writtenBy: "program",
    members: alert,
    name: { en: "Alert raised", de: "Alarm ausgelöst" },
    when: {
      en: "an alarm had stood for long enough to tell somebody",
      de: "ein Alarm lange genug bestand, um ihn zu melden",
    },
    payload: example,
  },
  alert_worsened: {
    topic: "configuration",
    writtenBy: "program",
    members: alert,
    name: { en: "Alert got worse", de: "Alarm verschärft" },
    when: { en: "a warning became an error", de: "aus einer Warnung ein Fehler wurde" },
    payload: { en: "the same", de: "dasselbe" },
  },
  alert_cleared: {
    topic: "configuration",
    writtenBy: "program",
    members: alert,
    name: { en: "Alert is over", de: "Alarm vorbei" },
    when: {
      en: "an alarm had been gone for long enough to count as over",
      de: "ein Alarm lange genug weg war, um als vorbei zu gelten",
    },
    payload: { en: "the same", de: "dasselbe" },
  },
  alert_acknowledged: {
    topic: "configuration",
    writtenBy: "program",
    members: { alert_id: "text", code: "text", note: "text|null" },
    name: { en: "Alert acknowledged", de: "Alarm bestätigt" },
    when: { en: "somebody looks after an alert", de: "sich jemand um einen Alarm kümmert" },
    payload: '`{"alert_id": "0193…", "code": "destination_left_alone", "note": null}`',
  },
  alert_muted: {
    topic: "configuration",
    writtenBy: "program",
    members: { key: "text", code: "text", until: "time", reason: "text" },
    name: { en: "Alarm muted", de: "Alarm stummgeschaltet" },
    when: {
      en: "somebody muted an alarm for a while",
      de: "jemand einen Alarm für eine Weile stummschaltete",
    },
    payload:
      '`{"key": "destination_failing:destination:crm", "code": "destination_failing", "until": "…", "reason": "move of the CRM"}`',
  },
  alert_unmuted: {
    topic: "configuration",
    writtenBy: "program",
    members: { key: "text", code: "text" },
    name: { en: "Alarm no longer muted", de: "Alarm nicht mehr stumm" },
    when: { en: "somebody ended that", de: "jemand das beendete" },
    payload: '`{"key": "destination_failing:destination:crm", "code": "destination_failing"}`',
  },
  alert_told: {
    topic: "configuration",
    writtenBy: "program",
    members: told,
    name: { en: "Recipient told", de: "Empfänger benachrichtigt" },
    when: {
      en: "a message about alerts was taken by its channel; `kind`: raised, worsened, escalated, cleared, confirmation",
      de: "der Kanal eine Nachricht über Alarme annahm; `kind`: raised, worsened, escalated, cleared, confirmation",
    },
    payload:
      '`{"message": "6f0c…", "recipient": "team", "kind": "raised", "alerts": ["0193…"], "attempt": 1}`',
  },
  alert_not_told: {
    topic: "configuration",
    writtenBy: "program",
    members: { ...told, error_code: "text", given_up: "boolean" },
    name: { en: "Recipient could not be told", de: "Empfänger nicht erreicht" },
    when: {
      en: "the first attempt to tell somebody failed, or the last; those in between stand with the recipient",
      de: "der erste oder der letzte Versuch scheiterte, jemanden zu benachrichtigen; die dazwischen stehen beim Empfänger",
    },
    payload: {
      en: 'the same with `"error_code": "destination_connect", "given_up": false`',
      de: 'dasselbe mit `"error_code": "destination_connect", "given_up": false`',
    },
  },
  alert_recipient_changed: {
    topic: "configuration",
    writtenBy: "program",
    members: { name: "text", kind: "text", change: "text", fields: "texts" },
    name: { en: "Recipient of alerts changed", de: "Empfänger von Alarmen geändert" },
    when: {
      en: "a recipient of alerts was added, changed or removed",
      de: "ein Empfänger von Alarmen dazukam, sich änderte oder wegfiel",
    },
    payload: '`{"name": "team", "kind": "slack", "change": "added", "fields": ["language", "secrets"]}`',
  },
  alert_recipient_confirmed: {
    topic: "configuration",
    writtenBy: "program",
    members: { name: "text", by: "text" },
    name: { en: "Recipient of alerts confirmed", de: "Empfänger von Alarmen bestätigt" },
    when: {
      en: "it was confirmed that messages arrive there; `by`: code, answer",
      de: "bestätigt wurde, dass Nachrichten dort ankommen; `by`: code, answer",
    },
    payload: '`{"name": "team", "by": "code"}`',
  },
  alert_rules_changed: {
    topic: "configuration",
    writtenBy: "program",
    members: { codes: "texts" },
    name: { en: "Rules of alerts changed", de: "Regeln für Alarme geändert" },
    when: {
      en: "somebody changed which alarms are told, and when",
      de: "jemand änderte, welche Alarme wann gemeldet werden",
    },
    payload: '`{"codes": ["source_paused"]}`',
  },
} as const satisfies Readonly<Record<string, EventType>>;
