// What happens to the installation itself: configuration, figures, database, exports, health.
import type { EventType } from "./event-type.ts";

const exportOrder = {
  what: "text",
  format: "text",
  filter: "json",
  columns: "texts",
  excel: "text?",
} as const;

export const installationEvents = {
  health_check: {
    topic: "health",
    writtenBy: "program",
    members: { check: "text", at: "time", arrival_id: "text?" },
    name: { en: "Health check", de: "Funktionsprüfung" },
    when: { en: "somebody called `GET /health`", de: "jemand `GET /health` aufrief" },
    payload: '`{"check": "health", "at": "…"}`',
  },
  request_denied: {
    topic: "audit",
    writtenBy: "program",
    countedAs: "denied",
    members: { source: "text", code: "text", count: "number" },
    name: { en: "Requests turned away", de: "Anfragen abgewiesen" },
    when: {
      en: "requests were turned away, for whatever reason, and became no leads; one event per source and code every 10 s",
      de: "Anfragen aus welchem Grund auch immer abgewiesen wurden; sie wurden keine Leads; alle 10 s ein Ereignis je Quelle und Code",
    },
    payload: '`{"source": "website", "code": "credentials_wrong", "count": 12}`',
  },
  configuration_changed: {
    topic: "configuration",
    writtenBy: "program",
    members: { part: "text", name: "text", change: "text", fields: "texts", moved_to_dlq: "number?" },
    name: { en: "Configuration changed", de: "Konfiguration geändert" },
    when: {
      en: "a source, a destination or another section of the configuration (`section`: the mail account …) was added, changed, enabled or removed",
      de: "eine Quelle, ein Ziel oder ein anderer Abschnitt der Konfiguration (`section`: das E-Mail-Konto …) dazukam, sich änderte oder wegfiel",
    },
    payload: '`{"part": "destination", "name": "crm", "change": "changed", "fields": ["url", "secrets"]}`',
  },
  sla_changed: {
    topic: "configuration",
    writtenBy: "program",
    members: { name: "text", target: "json" },
    name: { en: "Service level changed", de: "Servicelevel geändert" },
    when: {
      en: "a service level was made, changed or removed",
      de: "ein Servicelevel angelegt, geändert oder entfernt wurde",
    },
    payload: {
      en: '`{"name": "quick", "target": {"measure": "delivered", "within_ms": 300000, "share_millionths": 990000}}`; `target` is null where it was removed',
      de: '`{"name": "quick", "target": {"measure": "delivered", "within_ms": 300000, "share_millionths": 990000}}`; `target` ist null, wenn es entfernt wurde',
    },
  },
  sla_rebuilt: {
    topic: "kpi",
    writtenBy: "program",
    members: { wrong_days: "json" },
    name: { en: "Service levels counted afresh", de: "Servicelevel neu gezählt" },
    when: {
      en: "somebody had the days of all service levels counted afresh",
      de: "jemand die Tage aller Servicelevel neu zählen ließ",
    },
    payload: {
      en: '`{"wrong_days": []}`: days that had been judged and changed, as `{"sla": …, "day": …}`',
      de: '`{"wrong_days": []}`: abgeschlossene Tage, die sich änderten, als `{"sla": …, "day": …}`',
    },
  },
  settings_changed: {
    topic: "configuration",
    writtenBy: "program",
    members: { masked_pointers: "texts?", names_in_lists: "boolean?" },
    name: { en: "Setting changed", de: "Einstellung geändert" },
    when: {
      en: "a setting changed that all nodes share",
      de: "sich eine Einstellung änderte, die alle Knoten teilen",
    },
    payload: '`{"masked_pointers": ["/antrag/kennzeichen"]}`',
  },
  timezone_changed: {
    topic: "kpi",
    writtenBy: "database",
    members: { from: "text", to: "text" },
    name: { en: "Time zone changed", de: "Zeitzone geändert" },
    when: { en: "the reporting time zone changed", de: "sich die Zeitzone der Auswertungen änderte" },
    payload: '`{"from": "Europe/Berlin", "to": "Europe/Vienna"}`',
  },
  kpi_changed: {
    topic: "kpi",
    writtenBy: "database",
    members: {
      day: "text",
      received_count: "number",
      processed_count: "number",
      failed_count: "number",
      dlq_open_count: "number",
      avg_processing_ms: "number|null",
      processing_us_sum: "number",
      by_hand: "boolean",
      closed_at: "time|null",
    },
    name: { en: "Figures filled in by hand", de: "Zahlen von Hand eingetragen" },
    when: {
      en: "figures of a day were filled in by hand",
      de: "Zahlen eines Tages von Hand eingetragen wurden",
    },
    payload: { en: "the row", de: "die Zeile" },
  },
  circuit_opened: {
    topic: "configuration",
    writtenBy: "database",
    members: {
      destination: "text",
      reason: "text",
      message: "text|null",
      next_probe_at: "time|null",
      failures: "json?",
    },
    name: { en: "Destination left alone", de: "Ziel wird in Ruhe gelassen" },
    when: { en: "a destination is left alone as a whole", de: "ein Ziel als Ganzes in Ruhe gelassen wird" },
    payload: {
      en: '`{"destination": "crm", "reason": "destination_throttled", "message": "…", "next_probe_at": "…"}`; with `failures` (`failed` and `of`) where no single answer asked for it, but so many of the last attempts failed',
      de: '`{"destination": "crm", "reason": "destination_throttled", "message": "…", "next_probe_at": "…"}`; mit `failures` (`failed` und `of`), wenn keine einzelne Antwort darum bat, aber so viele der letzten Versuche fehlschlugen',
    },
  },
  circuit_closed: {
    topic: "configuration",
    writtenBy: "database",
    members: { destination: "text", reason: "text|null", opened_at: "time|null" },
    name: { en: "Destination gets leads again", de: "Ziel bekommt wieder Leads" },
    when: {
      en: "it gets leads again: one arrived, or somebody said so",
      de: "es wieder Leads bekommt: einer kam an, oder jemand wollte es so",
    },
    payload: '`{"destination": "crm", "reason": "destination_throttled", "opened_at": "…"}`',
  },
  deliveries_stopped: {
    topic: "configuration",
    writtenBy: "program",
    members: { reason: "text?" },
    name: { en: "All deliveries stopped", de: "Alle Zustellungen angehalten" },
    when: { en: "somebody stopped all deliveries", de: "jemand alle Zustellungen anhielt" },
    payload: { en: '`{"reason": "the CRM is being moved"}`', de: '`{"reason": "das CRM zieht um"}`' },
  },
  deliveries_resumed: {
    topic: "configuration",
    writtenBy: "program",
    members: { reason: "text?" },
    name: { en: "Deliveries resumed", de: "Zustellungen fortgesetzt" },
    when: { en: "somebody let them go on", de: "jemand sie fortsetzte" },
    payload: "`{}`",
  },
  database_went_back: {
    topic: "audit",
    writtenBy: "program",
    members: {
      setback_id: "number",
      node: "text",
      since: "time|null",
      until: "time",
      events_max: "number|null",
      leads_missing: "number|null",
    },
    name: {
      en: "The database went back in time",
      de: "Datenbank ist auf einen älteren Stand zurückgefallen",
    },
    when: {
      en: "a node found that the database no longer has what it had before",
      de: "ein Knoten hat bemerkt, dass die Datenbank nicht mehr hat, was sie schon hatte",
    },
    payload:
      '`{"setback_id": 1, "node": "…", "since": "…", "until": "…", "events_max": 120, "leads_missing": null}`',
  },
  setback_acknowledged: {
    topic: "audit",
    writtenBy: "program",
    members: { setback_id: "number" },
    name: { en: "Setback of the database acknowledged", de: "Rückfall der Datenbank zur Kenntnis genommen" },
    when: { en: "somebody took note of it", de: "jemand hat es zur Kenntnis genommen" },
    payload: '`{"setback_id": 1}`',
  },
  kpi_rebuilt: {
    topic: "kpi",
    writtenBy: "program",
    members: { wrong_days: "texts" },
    name: { en: "Figures counted afresh", de: "Zahlen neu gezählt" },
    when: { en: "all days were counted afresh", de: "alle Tage neu gezählt wurden" },
    payload: '`{"wrong_days": []}`',
  },
  export_started: {
    topic: "audit",
    writtenBy: "program",
    members: exportOrder,
    name: { en: "Export started", de: "Export begonnen" },
    when: {
      en: "somebody began to export leads, entries, the log or figures; before the first byte",
      de: "jemand begann, Leads, Klärfälle, das Protokoll oder Zahlen zu exportieren; vor dem ersten Byte",
    },
    payload: '`{"what": "runs", "format": "csv", "filter": {}, "columns": ["run_id", …]}`',
  },
  exported: {
    topic: "audit",
    writtenBy: "program",
    members: { ...exportOrder, count: "number", complete: "boolean" },
    name: { en: "Export ended", de: "Export beendet" },
    when: {
      en: "the export ended; `complete` is false when the reader went away or it broke off",
      de: "der Export zu Ende war; `complete` ist false, wenn der Leser wegging oder er abbrach",
    },
    payload: {
      en: 'the same with `"count": 3412, "complete": true`',
      de: 'dasselbe mit `"count": 3412, "complete": true`',
    },
  },
  installation_exported: {
    topic: "audit",
    writtenBy: "program",
    members: { version: "text" },
    name: { en: "Whole installation exported", de: "Ganze Installation exportiert" },
    when: {
      en: "somebody exported the whole installation (`leadledger export --all`); before the first byte",
      de: "jemand die ganze Installation exportierte (`leadledger export --all`); vor dem ersten Byte",
    },
    payload: '`{"version": "0.1.0"}`',
  },
  installation_imported: {
    topic: "audit",
    writtenBy: "program",
    members: { rows: "json" },
    name: { en: "Whole installation read in", de: "Ganze Installation eingelesen" },
    when: {
      en: "the archive of a whole installation was read in",
      de: "das Archiv einer ganzen Installation eingelesen wurde",
    },
    payload: '`{"rows": {"runs": 3412, …}}`',
  },
} as const satisfies Readonly<Record<string, EventType>>;
