// What the overview says about alarms: a sentence for every code in both languages, singular and plural.
import { describe, expect, test } from "vitest";
import { Value } from "typebox/value";
import { alarm } from "../../../src/http/api/figures/overview-schemas.ts";
import type { Alarm } from "../../../web/api/types.ts";
import { alarmSentences, tellAlarm } from "../../../web/overview/alarm-sentences.ts";

const since = "2026-11-20T17:04:00Z";
const format = {
  sourceName: (name: string) => name,
  count: (value: number) => String(value),
  shortTime: (iso: string) => (iso === since ? "Fr 18:04" : iso),
  shortDay: (day: string) => (day === "2026-11-17" ? "Di 17.11." : day),
  today: () => "2026-11-20",
};

/** One of each code; a code that the API gets and that is missing here is an error of types. */
const examples: { readonly [Code in Alarm["code"]]: Extract<Alarm, { readonly code: Code }> } = {
  database_went_back: {
    code: "database_went_back",
    severity: "error",
    setback_id: 3,
    node: "a",
    noticed_at: since,
    since,
    until: since,
    events_max: 120,
    leads_missing: null,
  },
  no_node_runs: { code: "no_node_runs", severity: "error" },
  requests_denied: {
    code: "requests_denied",
    severity: "error",
    source: "website",
    is_configured: true,
    error_code: "credentials_wrong",
    count: 37,
    first_at: since,
    last_at: since,
  },
  source_secrets_expired: {
    code: "source_secrets_expired",
    severity: "error",
    source: "website",
    since,
    managed_by: "api",
  },
  source_silent: { code: "source_silent", severity: "error", source: "website", since, missed: 7.6 },
  all_sources_silent: { code: "all_sources_silent", severity: "error", since },
  heartbeat_missing: {
    code: "heartbeat_missing",
    severity: "error",
    source: "website",
    due_at: since,
    last_at: null,
    trouble: null,
  },
  delivered_to_nobody: {
    code: "delivered_to_nobody",
    severity: "error",
    source: "messe",
    count: 12,
    since_day: "2026-11-19",
  },
  deliveries_overdue: { code: "deliveries_overdue", severity: "error", destination: "crm", count: 5, since },
  entries_need_decision: {
    code: "entries_need_decision",
    severity: "error",
    count: 24,
    largest: {
      kind: "delivery",
      destination: "crm",
      source: null,
      error_code: "destination_auth",
      count: 20,
    },
  },
  destination_failing: {
    code: "destination_failing",
    severity: "warning",
    destination: "crm",
    error_code: "destination_timeout",
    count: 3,
    since,
    next_retry_at: since,
  },
  deliveries_stopped: {
    code: "deliveries_stopped",
    severity: "error",
    by: "user:1",
    reason: "CRM zieht um",
    since,
  },
  destination_left_alone: {
    code: "destination_left_alone",
    severity: "warning",
    destination: "crm",
    waiting: 7,
    error_code: "destination_throttled",
    since,
    next_probe_at: since,
  },
  destination_paused: { code: "destination_paused", severity: "warning", destination: "crm", waiting: 7 },
  leads_incomplete: {
    code: "leads_incomplete",
    severity: "error",
    source: "meta",
    error_code: "completion_token_invalid",
    count: 3,
    since,
  },
  leads_held_for_decision: {
    code: "leads_held_for_decision",
    severity: "warning",
    source: "website",
    count: 2,
    since,
  },
  source_paused: { code: "source_paused", severity: "warning", source: "website" },
  source_held: { code: "source_held", severity: "warning", source: "website", held: 3, held_since: since },
  node_gone: { code: "node_gone", severity: "error", node: "a:8080", since, spooled: 3 },
  spool_in_use: { code: "spool_in_use", severity: "warning", node: "a:8080", records: 3, since },
  disk_nearly_full: {
    code: "disk_nearly_full",
    severity: "warning",
    node: "a:8080",
    place: "data",
    free_bytes: 4_500_000_000,
    total_bytes: 100_000_000_000,
  },
  clock_off: { code: "clock_off", severity: "error", node: "a:8080", offset_ms: -90_000 },
  configuration_broken: {
    code: "configuration_broken",
    severity: "error",
    node: "a:8080",
    since,
    reason: "unreadable",
    file: "leadledger.yaml",
    line: 12,
    problem_code: "yaml_indentation",
  },
  database_was_away: {
    code: "database_was_away",
    severity: "warning",
    since,
    until: since,
    nodes: ["a:8080"],
  },
  credentials_expire: {
    code: "credentials_expire",
    severity: "warning",
    of: "source",
    name: "website",
    expires_at: since,
    is_over: false,
    managed_by: "api",
  },
  dead_mans_switch_silent: {
    code: "dead_mans_switch_silent",
    severity: "error",
    since,
    reasons: ["database", "delivery"],
  },
  postgresql_unsafe: {
    code: "postgresql_unsafe",
    severity: "warning",
    version: "18.4",
    fixed_in: "18.6",
    known_since: "2026-11-17",
    is_embedded: true,
  },
  sla_at_risk: {
    code: "sla_at_risk",
    severity: "error",
    sla: "quick",
    label: "In fünf Minuten",
    measure: "delivered",
    source: "website",
    destination: null,
    risk: "misses",
    since,
    target_share: 0.99,
    within_ms: 300_000,
    decided: 40,
    missed: 4,
    burn_rate: null,
    oldest_ms: null,
  },
};

const codesOfTheApi = alarm.anyOf.map(({ properties }) => properties.code.const);
const said = (about: Alarm, language: "de" | "en" = "de"): string =>
  tellAlarm(about, language, format).sentence;

describe("an alarm", () => {
  test.each(["de", "en"] as const)("of every code that the API has is told in %s", (language) => {
    expect(Object.keys(alarmSentences[language]).toSorted()).toEqual(codesOfTheApi.toSorted());
    for (const example of Object.values(examples)) {
      expect(Value.Check(alarm, example), example.code).toBe(true);
      const { sentence, todo, links } = tellAlarm(example, language, format);
      expect(sentence, example.code).toMatch(/^[^_{}]{15,}[^.]$/);
      expect(todo, example.code).toMatch(/^[A-ZÄÖÜ][^_{}]+\.$/);
      expect(links.length, example.code).toBeGreaterThan(0);
      for (const { href, label } of links) {
        expect(href).toMatch(/^\/[a-z]/);
        expect(label.length).toBeGreaterThan(3);
      }
    }
  });

  test("says what is wrong", () => {
    expect(Object.values(examples).map((example) => said(example))).toEqual([
      "Die Datenbank ist zurückgefallen: Es fehlt, was nach Fr 18:04 kam, bis Fr 18:04 (höchstens 120 Protokolleinträge)",
      "Zahlen und Sammelaktionen stehen still: Kein Server erledigt die Arbeit im Hintergrund",
      "37 Anfragen von „website“ abgewiesen: falsches Kennwort, seit Fr 18:04",
      "„website“ nimmt keine Leads mehr an: Das letzte Geheimnis der Quelle ist abgelaufen, Fr 18:04",
      "„website“: Seit Fr 18:04 kam kein Lead mehr, zu erwarten waren etwa 8",
      "Seit Fr 18:04 kam von keiner Quelle mehr ein Lead",
      "„website“: Der Testlead, der bis Fr 18:04 ankommen sollte, fehlt",
      "12 Leads von „messe“ seit gestern ohne Ziel: Niemand hat sie bekommen",
      "5 Leads warten seit Fr 18:04 darauf, an „crm“ gesendet zu werden",
      "24 Klärfälle brauchen eine Entscheidung, die meisten: „crm“ nimmt die Zugangsdaten nicht an",
      "3 Zustellungen an „crm“ werden erneut versucht: „crm“ antwortet nicht rechtzeitig",
      "Alle Zustellungen sind seit Fr 18:04 angehalten: CRM zieht um",
      "„crm“ bittet um eine Pause: Bis Fr 18:04 wird nichts dorthin gesendet, 7 Leads warten",
      "„crm“ ist angehalten, 7 Leads warten",
      "„meta“: 3 Leads warten seit Fr 18:04 auf ihre Daten",
      "„website“: 2 Leads warten seit Fr 18:04 darauf, dass jemand sie freigibt oder zurückzieht",
      "„website“ ist angehalten und nimmt keine Leads an",
      "„website“ ist angehalten, 3 Zustellungen werden seit Fr 18:04 zurückgehalten",
      "Der Server a:8080 meldet sich seit Fr 18:04 nicht mehr, auf seiner Platte warten Leads",
      "Auf der Platte von a:8080 warten 3 Anfragen mit Leads seit Fr 18:04",
      "Die Platte von a:8080 ist fast voll: Noch 4500 MB von 100 GB frei",
      "Die Uhr von a:8080 geht gegenüber der Datenbank um 90 Sekunden nach",
      "leadledger.yaml wurde geändert und lässt sich nicht laden (Zeile 12): a:8080 arbeitet mit der früheren weiter",
      "Die Datenbank war von Fr 18:04 bis Fr 18:04 nicht erreichbar",
      "Das letzte Geheimnis der Quelle „website“ läuft ab, Fr 18:04",
      "Der Totmannschalter schweigt seit Fr 18:04: die Datenbank schreibt nicht, Leads werden nicht zugestellt",
      "PostgreSQL 18.4 hat Sicherheitslücken, die seit Di 17.11. bekannt sind; behoben sind sie in 18.6",
      "Servicelevel „In fünf Minuten“ ist gefährdet: 4 von 40 Leads haben es zuletzt verfehlt",
    ]);
  });

  test("of a budget says how much too fast it is spent, also where that is less than twice", () => {
    const burning = { ...examples.sla_at_risk, risk: "burning" as const, burn_rate: 1.44 };
    expect(said(burning)).toContain("wird 1.4-mal so schnell verbraucht wie vorgesehen");
    expect(said(burning, "en")).toContain("is spent 1.4 times as fast as it may be");
  });

  test("of one is told in the singular", () => {
    const { requests_denied, delivered_to_nobody, deliveries_overdue, destination_failing } = examples;
    const one = { ...examples.entries_need_decision.largest, count: 1 };
    const single: readonly Alarm[] = [
      { ...requests_denied, count: 1 },
      { ...delivered_to_nobody, count: 1 },
      { ...deliveries_overdue, count: 1 },
      { ...examples.entries_need_decision, count: 1, largest: one },
      { ...destination_failing, count: 1 },
      { ...examples.destination_paused, waiting: 1 },
    ];
    expect(single.map((example) => said(example))).toEqual([
      "1 Anfrage von „website“ abgewiesen: falsches Kennwort, seit Fr 18:04",
      "1 Lead von „messe“ seit gestern ohne Ziel: Niemand hat ihn bekommen",
      "1 Lead wartet seit Fr 18:04 darauf, an „crm“ gesendet zu werden",
      "1 Klärfall braucht eine Entscheidung: „crm“ nimmt die Zugangsdaten nicht an",
      "1 Zustellung an „crm“ wird erneut versucht: „crm“ antwortet nicht rechtzeitig",
      "„crm“ ist angehalten, 1 Lead wartet",
    ]);
    expect(single.map((example) => said(example, "en"))).toEqual([
      "1 request from “website” turned away: wrong password or signature, since Fr 18:04",
      "1 lead from “messe” since yesterday without destination: nobody got it",
      "1 lead has been waiting to be sent to “crm” since Fr 18:04",
      "1 case needs a decision: “crm” does not accept the credentials",
      "1 delivery to “crm” is being retried: “crm” does not answer in time",
      "“crm” is paused, 1 lead is waiting",
    ]);
  });

  test("says what most of the entries have, or what some of them have, in common", () => {
    const { entries_need_decision: most } = examples;
    const some = { ...most, largest: { ...most.largest, count: 12 } };
    expect(said(some)).toMatch(/^24 Klärfälle brauchen eine Entscheidung, darunter: „crm“/);
    expect(said(some, "en")).toMatch(/^24 cases need a decision, among them: “crm”/);
    const all = { ...most, largest: { ...most.largest, count: 24 } };
    expect(said(all)).toMatch(/^24 Klärfälle brauchen eine Entscheidung: „crm“/);
  });

  test("says since when nobody got leads, and yesterday only of yesterday", () => {
    const sinceDay = (since_day: string) => said({ ...examples.delivered_to_nobody, since_day });
    expect(sinceDay("2026-11-20")).toBe("12 Leads von „messe“ heute ohne Ziel: Niemand hat sie bekommen");
    expect(sinceDay("2026-11-19")).toContain("„messe“ seit gestern ohne Ziel");
    expect(sinceDay("2026-11-17")).toContain("„messe“ seit Di 17.11. ohne Ziel");
  });

  test("of what cannot be delivered again does not advise to do so", () => {
    const { entries_need_decision: example } = examples;
    const todo = (kind: "delivery" | "refused" | "conflict" | "manual", count = 20) =>
      tellAlarm({ ...example, count, largest: { ...example.largest, kind } }, "de", format).todo;
    expect(todo("delivery")).toContain("erneut zu");
    for (const kind of ["refused", "conflict", "manual"] as const) expect(todo(kind)).not.toContain("zu.");
    expect(todo("conflict", 24)).toBe(
      "Von selbst geht es hier nicht weiter. Bei jeder Ursache steht, was zu tun ist.",
    );
  });

  test("of names that need it has links that hold", () => {
    const { links } = tellAlarm({ ...examples.source_paused, source: "a/b?c" }, "de", format);
    expect(links.map(({ href }) => href)).toEqual(["/sources/a%2Fb%3Fc"]);
  });

  test("says that more than could be counted are waiting", () => {
    expect(said({ ...examples.destination_paused, waiting: 10_000 })).toBe(
      "„crm“ ist angehalten, mindestens 10000 Leads warten",
    );
  });
});
