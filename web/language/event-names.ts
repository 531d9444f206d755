// What happened, in a few words, for each type of event that LeadLedger itself writes.
import type { Language } from "./languages.ts";

const names = {
  lead_received: ["Lead empfangen", "Lead received"],
  lead_rejected: ["Unlesbare Anfrage aufbewahrt", "Unreadable request kept"],
  lead_corrected: ["Berichtigte Daten empfangen", "Corrected data received"],
  lead_edited: ["Daten bearbeitet", "Data edited"],
  replay_requested: ["Nochmalige Zustellung beauftragt", "Another delivery ordered"],
  duplicate_received: ["Wiederholung erkannt", "Repeat recognised"],
  repeat_delivered: ["Wiederholung trotzdem zugestellt", "Repeat delivered anyway"],
  lead_delivered: ["Zugestellt", "Delivered"],
  delivery_held: ["Zustellung zurückgehalten", "Delivery held"],
  delivery_released: ["Zustellung freigegeben", "Delivery released"],
  delivery_failed: ["Zustellung fehlgeschlagen", "Delivery failed"],
  lead_processed: ["Lead erledigt", "Lead done"],
  lead_failed: ["Lead ist Klärfall", "Lead needs attention"],
  dlq_created: ["Klärfall angelegt", "Needs attention"],
  dlq_retrying: ["Erneuter Versuch", "Trying again"],
  dlq_rescheduled: ["Nächster Versuch geplant", "Next attempt planned"],
  dlq_resolved: ["Klärfall erledigt", "Settled"],
  dlq_dead: ["Klärfall aufgegeben", "Given up"],
  dlq_changed: ["Klärfall geändert", "Changed"],
  run_inserted: ["Lead von Hand angelegt", "Lead made by hand"],
  run_changed: ["Lead von Hand geändert", "Lead changed by hand"],
  health_check: ["Funktionsprüfung", "Health check"],
  person_data_shown: ["Personendaten angesehen", "Person data shown"],
  request_denied: ["Anfragen abgewiesen", "Requests turned away"],
  database_went_back: [
    "Datenbank ist auf einen älteren Stand zurückgefallen",
    "The database went back in time",
  ],
  setback_acknowledged: [
    "Rückfall der Datenbank zur Kenntnis genommen",
    "Setback of the database acknowledged",
  ],
  quarantine_released: ["Abgewiesenes nachträglich angenommen", "What was turned away taken in"],
  quarantine_discarded: ["Abgewiesenes verworfen", "What was turned away discarded"],
  quarantine_dropped: ["Abgewiesenes gelöscht", "What was turned away dropped"],
  configuration_changed: ["Quelle oder Ziel geändert", "Source or destination changed"],
  circuit_opened: ["Ziel wird in Ruhe gelassen", "Destination left alone"],
  circuit_closed: ["Ziel bekommt wieder Leads", "Destination gets leads again"],
  deliveries_stopped: ["Alle Zustellungen angehalten", "All deliveries stopped"],
  deliveries_resumed: ["Zustellungen fortgesetzt", "Deliveries resumed"],
  test_lead_sent: ["Testlead gesendet", "Test lead sent"],
  settings_changed: ["Einstellung geändert", "Setting changed"],
  timezone_changed: ["Zeitzone geändert", "Time zone changed"],
  signed_in: ["Angemeldet", "Signed in"],
  signed_out: ["Abgemeldet", "Signed out"],
  sign_in_refused: ["Anmeldung abgewiesen", "Sign-in refused"],
  user_locked: ["Konto vorübergehend gesperrt", "Account locked for a while"],
  user_created: ["Konto angelegt", "Account made"],
  user_changed: ["Konto geändert", "Account changed"],
  setup_link_created: ["Einrichtungslink erstellt", "Set-up link made"],
  api_key_created: ["API-Schlüssel erstellt", "API key made"],
  api_key_revoked: ["API-Schlüssel widerrufen", "API key revoked"],
  kpi_changed: ["Zahlen von Hand eingetragen", "Figures filled in by hand"],
  kpi_rebuilt: ["Zahlen neu gezählt", "Figures counted afresh"],
  operation_started: ["Sammelaktion begonnen", "Bulk action started"],
  operation_paused: ["Sammelaktion angehalten", "Bulk action paused"],
  operation_resumed: ["Sammelaktion fortgesetzt", "Bulk action resumed"],
  operation_cancelled: ["Sammelaktion beendet", "Bulk action ended"],
  operation_finished: ["Sammelaktion fertig", "Bulk action finished"],
  export_started: ["Export begonnen", "Export started"],
  exported: ["Export beendet", "Export ended"],
  installation_exported: ["Ganze Installation exportiert", "Whole installation exported"],
  installation_imported: ["Ganze Installation eingelesen", "Whole installation read in"],
} as const satisfies Readonly<Record<string, readonly [de: string, en: string]>>;

export type KnownEventType = keyof typeof names;

export const knownEventTypes = Object.keys(names) as readonly KnownEventType[];

/** An event of somebody's own program has the name that it gave. */
export function eventName(type: string, language: Language): string {
  const known = Object.hasOwn(names, type) ? names[type as KnownEventType] : null;
  return known === null ? type : known[language === "de" ? 0 : 1];
}
