// What happens to a lead, from its receipt to its end.
import type { EventType } from "./event-type.ts";

/** What every request is known by, and how its lead came where it was no sender's request. */
const arrival = {
  at: "time",
  source: "text",
  sha256: "text",
  test: "boolean?",
  triggered_by: "text?",
  imported: "json?",
  released: "json?",
  content_coding: "text?",
  charset: "text?",
  body_base64: "text?",
  taken_from: "json?",
} as const;

const attempt = {
  destination: "text",
  lane: "text",
  attempt: "number",
  dlq_id: "number?",
  revision: "number?",
  outcome: "text",
  http_status: "number|null",
  duration_ms: "number",
  response: "json?",
} as const;

/** What the destination said about its record. */
const receipt = {
  remote_id: "text?",
  remote_url: "text?",
  proven: "boolean?",
  maybe_twice: "boolean?",
  duplicate: "text?",
  warning: "text?",
} as const;

export const leadEvents = {
  lead_received: {
    topic: "run",
    writtenBy: "program",
    holdsPersonFields: true,
    becomes: "accepted",
    countedAs: "request",
    members: { ...arrival, body: "json" },
    name: { en: "Lead received", de: "Lead empfangen" },
    when: { en: "a lead was accepted", de: "ein Lead angenommen wurde" },
    payload: {
      en: '`{"at": "2026-07-15T12:00:00.123Z", "source": "website", "sha256": "9f86…", "body": {"name": "Erika"}}`; with `charset` and, as it came, `body_base64` where it was not UTF-8; with `content_coding` where it was packed',
      de: '`{"at": "2026-07-15T12:00:00.123Z", "source": "website", "sha256": "9f86…", "body": {"name": "Erika"}}`; mit `charset` und, wie es kam, `body_base64`, wenn es nicht UTF-8 war; mit `content_coding`, wenn es komprimiert war',
    },
  },
  lead_rejected: {
    topic: "run",
    writtenBy: "program",
    holdsPersonFields: true,
    becomes: "failed",
    countedAs: "request",
    members: { ...arrival, content_type: "text", error_code: "text", message: "text" },
    name: { en: "Unreadable request kept", de: "Unlesbare Anfrage aufbewahrt" },
    when: { en: "a payload was refused and kept", de: "Daten abgewiesen und aufbewahrt wurden" },
    payload:
      '`{"at": "…", "source": "website", "sha256": "…", "content_type": "application/json", "error_code": "json_malformed", "message": "…"}`',
  },
  lead_corrected: {
    topic: "run",
    writtenBy: "program",
    holdsPersonFields: true,
    becomes: "accepted",
    members: { ...arrival, body: "json", arrival_id: "text?" },
    name: { en: "Corrected data received", de: "Berichtigte Daten empfangen" },
    when: {
      en: "a good payload came under the key of a refused one",
      de: "unter der Kennung abgewiesener Daten gute kamen",
    },
    payload: { en: "as `lead_received`, and `arrival_id`", de: "wie `lead_received`, dazu `arrival_id`" },
  },
  lead_revised: {
    topic: "run",
    writtenBy: "program",
    holdsPersonFields: true,
    countedAs: "request",
    members: {
      ...arrival,
      body: "json",
      revision: "number",
      content_type: "text?",
      arrival_id: "text?",
      dlq_id: "number?",
      reason: "text?",
      operation_id: "text?",
    },
    name: { en: "Change received", de: "Änderung empfangen" },
    when: {
      en: "another body came under the key of the lead and is its newest state (`on_key_reuse: revision`), or a person delivered one as a change",
      de: "unter der Kennung des Leads andere Daten kamen und seitdem gelten (`on_key_reuse: revision`) oder jemand solche als Änderung zustellen ließ",
    },
    payload: {
      en: '`{"at": "…", "source": "website", "sha256": "…", "revision": 1, "body": {…}, "arrival_id": "…"}`; where a person wanted it, `dlq_id` of the entry that kept it and `reason`',
      de: '`{"at": "…", "source": "website", "sha256": "…", "revision": 1, "body": {…}, "arrival_id": "…"}`; wenn jemand es wollte, `dlq_id` des Klärfalls, der sie aufbewahrte, und `reason`',
    },
  },
  conflict_taken_in: {
    topic: "audit",
    writtenBy: "program",
    members: { dlq_id: "number", new_run_id: "text", reason: "text|null", operation_id: "text?" },
    name: { en: "Taken in as a lead of its own", de: "Als eigener Lead angenommen" },
    when: {
      en: "a person made what had come under the key of this lead a lead of its own",
      de: "jemand aus dem, was unter der Kennung dieses Leads gekommen war, einen eigenen Lead gemacht hat",
    },
    payload: {
      en: '`{"dlq_id": 17, "new_run_id": "…", "reason": …}`: the entry that kept it, and the new lead, whose `lead_received` has `taken_from`',
      de: '`{"dlq_id": 17, "new_run_id": "…", "reason": …}`: der Klärfall, der es aufbewahrte, und der neue Lead, dessen `lead_received` es in `taken_from` nennt',
    },
  },
  lead_edited: {
    topic: "run",
    writtenBy: "program",
    holdsPersonFields: true,
    members: { dlq_id: "number", reason: "text|null", patch: "json", body: "json" },
    name: { en: "Data edited", de: "Daten bearbeitet" },
    when: {
      en: "a person replaced the data of a lead that could not be delivered or had been refused",
      de: "jemand die Daten eines Leads ersetzt hat, der nicht zustellbar oder abgewiesen war",
    },
    payload: {
      en: '`{"dlq_id": 17, "reason": …, "patch": [ … ], "body": …}`: the difference as a JSON patch, and the data from then on',
      de: '`{"dlq_id": 17, "reason": …, "patch": [ … ], "body": …}`: der Unterschied als JSON Patch und die Daten von da an',
    },
  },
  lead_completed: {
    topic: "run",
    writtenBy: "program",
    holdsPersonFields: true,
    members: { body: "json", api_version: "text?", attempts: "number" },
    name: { en: "Lead's data fetched", de: "Daten des Leads abgeholt" },
    when: {
      en: "the data of a lead that had come as ids were fetched from its sender's system",
      de: "die Daten eines Leads, der nur als Kennung kam, beim System des Absenders abgeholt wurden",
    },
    payload: {
      en: '`{"body": {…}, "api_version": "v26.0", "attempts": 1}`: the ids together with what was fetched, the lead\'s data from then on; `api_version` is the version that answered, where it says so',
      de: '`{"body": {…}, "api_version": "v26.0", "attempts": 1}`: die Kennungen zusammen mit dem Abgeholten, die Daten des Leads von da an; `api_version` ist die Version, die geantwortet hat, wo sie es sagt',
    },
  },
  completion_failed: {
    topic: "run",
    writtenBy: "program",
    members: { error_code: "text", error_message: "text", attempts: "number" },
    name: { en: "Lead's data could not be fetched", de: "Daten des Leads ließen sich nicht abholen" },
    when: {
      en: "the data of a lead could not be fetched, for the first time or for another reason than before",
      de: "sich die Daten eines Leads nicht abholen ließen, zum ersten Mal oder aus einem anderen Grund als zuvor",
    },
    payload: '`{"error_code": "completion_token_invalid", "error_message": "…", "attempts": 1}`',
  },
  completion_ordered: {
    topic: "run",
    writtenBy: "program",
    members: { action: "text", reason: "text|null" },
    name: { en: "Decision about missing data", de: "Entscheidung über fehlende Daten" },
    when: {
      en: "a person had the data of a lead fetched at once (`retry`), or the lead delivered as it is (`deliver_anyway`)",
      de: "jemand die Daten eines Leads sofort abholen ließ (`retry`) oder den Lead zustellen ließ, wie er ist (`deliver_anyway`)",
    },
    payload: '`{"action": "deliver_anyway", "reason": …}`',
  },
  lead_contacted: {
    topic: "run",
    writtenBy: "program",
    members: { at: "time", via: "text" },
    name: { en: "Contacted", de: "Kontaktiert" },
    when: {
      en: "somebody said that the lead's person was contacted",
      de: "jemand gesagt hat, dass die Person kontaktiert wurde",
    },
    payload: {
      en: '`{"at": "…", "via": "api"}`: when, and by `api` (dashboard, command line, a CRM) or by the link in a `mail`',
      de: '`{"at": "…", "via": "api"}`: wann, und über `api` (Oberfläche, Befehl, ein CRM) oder über den Link in einer `mail`',
    },
  },
  lead_contact_undone: {
    topic: "run",
    writtenBy: "program",
    members: { at: "time", reason: "text|null" },
    name: { en: "Contact taken back", de: "Kontakt zurückgenommen" },
    when: {
      en: "somebody took back that the person was contacted",
      de: "jemand zurückgenommen hat, dass die Person kontaktiert wurde",
    },
    payload: {
      en: '`{"at": "…", "reason": …}`: the time that was marked',
      de: '`{"at": "…", "reason": …}`: die Zeit, die vermerkt war',
    },
  },
  replay_requested: {
    topic: "audit",
    writtenBy: "program",
    members: { destination: "text", reason: "text?", operation_id: "text?" },
    name: { en: "Another delivery ordered", de: "Nochmalige Zustellung beauftragt" },
    when: {
      en: "a person wanted the lead delivered once more, to one destination",
      de: "jemand den Lead noch einmal zugestellt haben wollte, an ein Ziel",
    },
    payload: '`{"destination": "erp", "reason": …, "operation_id": …}`',
  },
  duplicate_received: {
    topic: "run",
    writtenBy: "program",
    holdsPersonFields: true,
    countedAs: "request",
    members: { ...arrival, body: "json?", content_type: "text?", dlq_id: "number?", arrival_id: "text?" },
    name: { en: "Repeat recognised", de: "Wiederholung erkannt" },
    when: {
      en: "the same lead, or the same broken payload, was sent again",
      de: "derselbe Lead oder dieselben kaputten Daten noch einmal kamen",
    },
    payload: {
      en: '`{"at": "…", "source": "website", "sha256": "…", "arrival_id": "…"}`, with `dlq_id` if it was a broken one; `arrival_id` is the run id that the sender was told if the database was away at the time; with `body` where it was taken for a repeat because of its content (`key: { header: preferred }`)',
      de: '`{"at": "…", "source": "website", "sha256": "…", "arrival_id": "…"}`, bei kaputten mit `dlq_id`; `arrival_id` ist die Nummer, die der Absender genannt bekam, wenn die Datenbank gerade nicht erreichbar war; mit `body`, wenn es wegen seines Inhalts für eine Wiederholung gehalten wurde (`key: { header: preferred }`)',
    },
  },
  repeat_delivered: {
    topic: "audit",
    writtenBy: "program",
    members: { event_id: "number", new_run_id: "text", reason: "text|null" },
    name: { en: "Repeat delivered anyway", de: "Wiederholung trotzdem zugestellt" },
    when: {
      en: "a person delivered a repeat of the lead anyway: it became a lead of its own",
      de: "jemand eine Wiederholung des Leads trotzdem zustellen ließ: Sie wurde ein eigener Lead",
    },
    payload: {
      en: '`{"event_id": 812, "new_run_id": "…", "reason": …}`: the event that keeps the repeat, and the new lead',
      de: '`{"event_id": 812, "new_run_id": "…", "reason": …}`: das Ereignis, in dem die Wiederholung aufbewahrt ist, und der neue Lead',
    },
  },
  lead_delivered: {
    topic: "run",
    writtenBy: "either",
    countedAs: "attempt",
    members: { ...attempt, ...receipt },
    name: { en: "Delivered", de: "Zugestellt" },
    when: { en: "an attempt succeeded", de: "ein Versuch gelang" },
    payload: {
      en: '`{"destination": "crm", "lane": "fast", "attempt": 1, "outcome": "delivered", "http_status": 200, "duration_ms": 84, "response": {…}}`, with `dlq_id` if `lane` is `dlq`, and `revision` where it was a change of the lead; where the destination said more, `remote_id` and `remote_url` of its record, `proven: false` where it cannot be told whether the lead is in, `maybe_twice: true` where an earlier attempt may have made a record, too, `duplicate` (`same_delivery`, `known_person`, `added_to_person`) and `warning`',
      de: '`{"destination": "crm", "lane": "fast", "attempt": 1, "outcome": "delivered", "http_status": 200, "duration_ms": 84, "response": {…}}`, mit `dlq_id`, wenn `lane` gleich `dlq` ist, und `revision`, wenn es eine Änderung des Leads war; wenn das Ziel mehr sagte, `remote_id` und `remote_url` seines Datensatzes, `proven: false`, wenn sich nicht sagen lässt, ob der Lead drin ist, `maybe_twice: true`, wenn vielleicht auch ein früherer Versuch einen Datensatz angelegt hat, `duplicate` (`same_delivery`, `known_person`, `added_to_person`) und `warning`',
    },
  },
  delivery_failed: {
    topic: "run",
    writtenBy: "either",
    countedAs: "attempt",
    members: { ...attempt, message: "text", perhaps_arrived: "boolean?" },
    name: { en: "Delivery failed", de: "Zustellung fehlgeschlagen" },
    when: { en: "an attempt failed", de: "ein Versuch scheiterte" },
    payload: {
      en: 'the same with `"outcome": "destination_error"` and `message`; `response` is missing if no answer came; `perhaps_arrived: true` where the destination took the lead and a request after that failed',
      de: 'ebenso mit `"outcome": "destination_error"` und `message`; ohne `response`, wenn keine Antwort kam; `perhaps_arrived: true`, wenn das Ziel den Lead nahm und erst eine spätere Anfrage scheiterte',
    },
  },
  lead_distributed: {
    topic: "run",
    writtenBy: "program",
    members: {
      destination: "text",
      rule: "text",
      among: "json",
      skipped: "json?",
      turn: "number?",
      same_as: "text?",
    },
    name: { en: "Distributed", de: "Verteilt" },
    when: {
      en: "it was decided which of several destinations gets the lead",
      de: "entschieden wurde, welches von mehreren Zielen den Lead bekommt",
    },
    payload: {
      en: '`{"destination": "bernd", "rule": "turns", "among": […], "turn": 17}`; `among` has `destination` and `weight` of each, `rule` is `turns` or `weights`, `turn` counts from 0; with `skipped` where paused ones were left out, and instead of `turn` with `same_as`, the `run_id` of the lead that it repeats',
      de: '`{"destination": "bernd", "rule": "turns", "among": […], "turn": 17}`; `among` nennt `destination` und `weight` eines jeden, `rule` ist `turns` oder `weights`, `turn` zählt ab 0; mit `skipped`, wenn angehaltene ausgelassen wurden, und statt `turn` mit `same_as`, der `run_id` des Leads, den er wiederholt',
    },
  },
  delivery_skipped: {
    topic: "run",
    writtenBy: "either",
    countedAs: "skipped",
    members: {
      destination: "text",
      lane: "text",
      dlq_id: "number?",
      revision: "number?",
      reason: "text",
      place: "text",
    },
    name: { en: "Not sent: condition not met", de: "Nicht gesendet: Bedingung nicht erfüllt" },
    when: {
      en: "the lead was not sent, because the destination's condition (`when`) is not met",
      de: "der Lead nicht gesendet wurde, weil die Bedingung des Ziels (`when`) nicht erfüllt ist",
    },
    payload: {
      en: '`{"destination": "crm", "lane": "fast", "reason": "condition_not_met", "place": "when.all[1]"}`, with `dlq_id` if `lane` is `dlq`, and `revision` where it was a change of the lead; `place` is the part of the condition that is not met',
      de: '`{"destination": "crm", "lane": "fast", "reason": "condition_not_met", "place": "when.all[1]"}`, mit `dlq_id`, wenn `lane` gleich `dlq` ist, und `revision`, wenn es eine Änderung des Leads war; `place` ist der Teil der Bedingung, der nicht erfüllt ist',
    },
  },
  delivery_held: {
    topic: "run",
    writtenBy: "either",
    members: { destination: "text", reason: "text" },
    name: { en: "Delivery held", de: "Zustellung zurückgehalten" },
    when: {
      en: "a delivery is held: its source is paused, the lead's data must be fetched first (`incomplete`), or an earlier lead is of the same person (`same_person`)",
      de: "eine Zustellung zurückgehalten wird: Die Quelle ist angehalten, die Daten des Leads müssen erst abgeholt werden (`incomplete`), oder ein früherer Lead ist von derselben Person (`same_person`)",
    },
    payload: '`{"destination": "crm", "reason": "source_paused"}`',
  },
  delivery_released: {
    topic: "run",
    writtenBy: "program",
    members: { destination: "text", reason: "text", note: "text?" },
    name: { en: "Delivery released", de: "Zustellung freigegeben" },
    when: {
      en: "what held it is over: its source goes on, the lead needs no data any more, or a person released it",
      de: "vorbei ist, was sie zurückhielt: Die Quelle wurde fortgesetzt, dem Lead fehlen keine Daten mehr, oder jemand gab sie frei",
    },
    payload: {
      en: "the same, with the person's reason as `note`",
      de: "ebenso, mit der Begründung als `note`",
    },
  },
  delivery_withdrawn: {
    topic: "run",
    writtenBy: "program",
    members: { destination: "text", reason: "text", note: "text?" },
    name: { en: "Delivery withdrawn", de: "Zustellung zurückgezogen" },
    when: {
      en: "a person did not want a delivery that was held",
      de: "jemand eine zurückgehaltene Zustellung nicht wollte",
    },
    payload: { en: "the same", de: "ebenso" },
  },
  lead_processed: {
    topic: "run",
    writtenBy: "database",
    becomes: "processed",
    members: { outcome: "text|null" },
    name: { en: "Lead done", de: "Lead erledigt" },
    when: { en: "the run became `processed`", de: "der Run `processed` wurde" },
    payload: '`{"outcome": "delivered"}`',
  },
  lead_failed: {
    topic: "run",
    writtenBy: "database",
    becomes: "failed",
    members: { error_code: "text?", error_message: "text?" },
    name: { en: "Lead needs attention", de: "Lead ist Klärfall" },
    when: { en: "the run became `failed`", de: "der Run `failed` wurde" },
    payload: '`{"error_code": "destination_error", "error_message": "crm answered 503 Service Unavailable"}`',
  },
  run_inserted: {
    topic: "run",
    writtenBy: "database",
    becomes: "as_told",
    members: { status: "text", source: "text", received_at: "time" },
    name: { en: "Lead made by hand", de: "Lead von Hand angelegt" },
    when: { en: "a run was made by hand", de: "ein Run von Hand angelegt wurde" },
    payload: {
      en: '`{"status": "processed", "source": "trade-fair", "received_at": "…"}`',
      de: '`{"status": "processed", "source": "messe", "received_at": "…"}`',
    },
  },
  run_changed: {
    topic: "run",
    writtenBy: "database",
    members: { changed: "texts" },
    name: { en: "Lead changed by hand", de: "Lead von Hand geändert" },
    when: {
      en: "something other than a run's state was changed",
      de: "an einem Run etwas anderes als der Stand geändert wurde",
    },
    payload: '`{"changed": ["error_message"]}`',
  },
  person_data_shown: {
    topic: "audit",
    writtenBy: "program",
    members: { run_id: "text?", dlq_id: "number?", quarantine_id: "text?" },
    name: { en: "Person data shown", de: "Personendaten angesehen" },
    when: {
      en: "somebody looked at person data in full ([API](api.md))",
      de: "jemand hat Personendaten unverdeckt angesehen ([API](api.md))",
    },
    payload: {
      en: '`{"run_id": "…", "dlq_id": 17}`; `dlq_id` where it was one entry',
      de: '`{"run_id": "…", "dlq_id": 17}`; `dlq_id`, wo es ein Eintrag war',
    },
  },
  names_shown: {
    topic: "audit",
    writtenBy: "program",
    members: { hour: "time", count: "number", ids_sha256: "text" },
    name: { en: "Names seen in lists", de: "Namen in Listen gesehen" },
    when: {
      en: "somebody saw names in lists of leads (`names_in_lists`); one event per person and hour, minutes after its end",
      de: "jemand Namen in Listen von Leads gesehen hat (`names_in_lists`); ein Ereignis je Person und Stunde, Minuten nach deren Ende",
    },
    payload: {
      en: '`{"hour": "…", "count": 120, "ids_sha256": "…"}`; SHA-256 of the ids of these leads in order, each followed by a newline',
      de: '`{"hour": "…", "count": 120, "ids_sha256": "…"}`; SHA-256 über die Nummern dieser Leads der Reihe nach, jede mit einem Zeilenende',
    },
  },
  test_lead_sent: {
    topic: "audit",
    writtenBy: "program",
    members: { run_id: "text", source: "text|null", destinations: "texts" },
    name: { en: "Test lead sent", de: "Testlead gesendet" },
    when: { en: "somebody sent a test lead", de: "jemand einen Testlead gesendet hat" },
    payload: '`{"run_id": "…", "source": "website", "destinations": ["crm"]}`',
  },
} as const satisfies Readonly<Record<string, EventType>>;
