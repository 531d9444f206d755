// What the problems of a configuration mean: the same answers for all of one kind, and the very message as an example.
import type { ProblemCode, ProblemParams, Said } from "../config/problem.ts";
import { say } from "../config/problem-texts.ts";
import type { Explained, ExplainedText, Language, Safety } from "../domain/errors/explained.ts";
import { configurationTitles } from "./configuration-titles.ts";

type Kind = "mistake" | "warning" | "environment";

/** Valid, but is it meant? */
const warnings: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  ...(["auth_none", "ca_file_unusable", "destination_private", "key_ends", "names_alike"] as const),
  ...(["nobody_sends_there", "open_intake_on"] as const),
  ...(["secrets_expired", "secret_short", "secret_spaces", "sends_to_nobody", "trusts_everyone"] as const),
]);

export function isWarning(code: ProblemCode): boolean {
  return warnings.has(code);
}

export function explainProblem(code: ProblemCode): Explained {
  const kind = kindOf(code);
  return { safe: safe[kind], who: "operator", en: textOf(code, kind, "en"), de: textOf(code, kind, "de") };
}

function kindOf(code: ProblemCode): Kind {
  if (warnings.has(code)) return "warning";
  return code.startsWith("env_") ? "environment" : "mistake";
}

function textOf(code: ProblemCode, kind: Kind, language: Language): ExplainedText {
  const [en, de] = configurationTitles[code];
  const example = say({ code, params: examples[code] } as Said, language);
  return {
    title: language === "en" ? en : de,
    happened: `${happened[kind][language]} ${exampleWords[language]} ${example}`,
    todo: todo[kind][language],
  };
}

const safe: Readonly<Record<Kind, Safety>> = {
  mistake: "old_settings_hold",
  warning: "unaffected",
  environment: "not_running",
};

const exampleWords = { en: "For example:", de: "Zum Beispiel:" };

const happened = {
  mistake: {
    en: "LeadLedger found something in its settings that it cannot use.",
    de: "In den Einstellungen von LeadLedger steht etwas, das es nicht verwenden kann.",
  },
  warning: {
    en: "The settings are valid, but LeadLedger doubts whether this is meant.",
    de: "Die Einstellungen gelten, aber LeadLedger bezweifelt, dass das so gemeint ist.",
  },
  environment: {
    en: "LeadLedger was started with an environment variable that it cannot use.",
    de: "LeadLedger wurde mit einer Umgebungsvariablen gestartet, die es nicht verwenden kann.",
  },
} as const satisfies Record<Kind, Readonly<Record<Language, string>>>;

const todo = {
  mistake: {
    en: "Correct the place that the message names. After a change in leadledger.yaml run `leadledger apply`, or start LeadLedger again.",
    de: "Berichtigen Sie die Stelle, die die Meldung nennt. Nach einer Änderung in leadledger.yaml rufen Sie `leadledger apply` auf, oder starten Sie LeadLedger neu.",
  },
  warning: {
    en: "If it is meant, nothing. Otherwise change the place that the message names.",
    de: "Ist es so gewollt, nichts. Sonst ändern Sie die Stelle, die die Meldung nennt.",
  },
  environment: {
    en: "Correct the variable that the message names where it is set (service, container, script), and start LeadLedger again.",
    de: "Berichtigen Sie die Variable, die die Meldung nennt, dort, wo sie gesetzt wird (Dienst, Container, Skript), und starten Sie LeadLedger neu.",
  },
} as const satisfies Record<Kind, Readonly<Record<Language, string>>>;

const path = "schemas/website.json";

/** What the messages of the examples are about. */
const examples: { readonly [Code in ProblemCode]: ProblemParams[Code] } = {
  file_missing: {},
  file_unreadable: { reason: "EACCES" },
  file_too_large: { limitBytes: 1_048_576 },
  file_not_utf8: {},
  yaml_alias: {},
  yaml_character: {},
  yaml_duplicate_key: { key: "timezone", firstLine: 3 },
  yaml_escape: {},
  yaml_indentation: {},
  yaml_key_not_text: {},
  yaml_missing: {},
  yaml_nested_colon: {},
  yaml_reserved_character: { character: "@" },
  yaml_several_documents: {},
  yaml_tab: {},
  yaml_tag: {},
  yaml_too_deep: {},
  yaml_unexpected: {},
  yaml_version: {},
  variable_empty: { variable: "CRM_SECRET" },
  variable_malformed: {},
  variable_missing: { variable: "CRM_SECRET" },
  key_missing: { key: "url", example: "url: https://crm.example/api/leads" },
  key_not_for_kind: { key: "url", kind: "another" },
  key_rule_choice: {},
  silence_rule_choice: {},
  list_empty: {},
  list_too_long: { entriesMax: 10 },
  not_one_of: { found: "tokn", suggestion: "token", allowed: ["hmac", "token", "none"] },
  number_range: { min: 1, max: 256 },
  secret_choice: { name: "secret" },
  unknown_key: { key: "bodylimit", suggestion: "body_limit", known: ["auth", "to", "body_limit"] },
  value_missing: { expected: "text" },
  wrong_type: { expected: "text", found: "number" },
  address_invalid: { found: "10.0.0" },
  country_unknown: { found: "Austria" },
  duration_invalid: { found: "10" },
  duration_range: { found: "99d", min: "1s", max: "30d" },
  expiry_invalid: { found: "31.1.2027" },
  header_name_invalid: { name: "X Team" },
  header_reserved: { name: "Host" },
  header_twice: { name: "X-Team" },
  header_value_invalid: {},
  label_invalid: { found: " Website", charactersMax: 80 },
  name_invalid: { name: "Website Köln" },
  opening_hours_invalid: { found: "8-18" },
  opening_hours_never: {},
  pointer_invalid: { found: "email" },
  public_url_invalid: {},
  rate_invalid: { found: "50" },
  share_invalid: { found: "99" },
  sla_client_needless: {},
  sla_holidays_alone: {},
  sla_needless: { key: "within", measure: "success" },
  sla_part_unknown: { part: "source", name: "websiet" },
  size_invalid: { found: "256" },
  size_range: { found: "1GB", min: "1kB", max: "10MB" },
  send_limit_invalid: { found: "5" },
  send_limits_repeated: {},
  signing_secret_malformed: {},
  state_unknown: { found: "Bayern" },
  text_empty: {},
  text_unfit: { expected: { en: "a host with its port", de: "ein Host mit Port" } },
  timezone_read_differently: { found: "CET", suggestion: "Europe/Berlin", on: "2000-03-26" },
  timezone_unknown: { found: "Europe/Belin", suggestion: "Europe/Berlin" },
  token_unsendable: {},
  url_credentials: {},
  url_fragment: {},
  url_invalid: {},
  url_scheme: {},
  destinations_unchosen: {},
  client_invalid: { found: "Möbel Köln" },
  client_has_leads: { source: "website", client: "moebel-koeln" },
  client_has_open_deliveries: { name: "crm", leads: 12 },
  destination_of_other_client: { source: "website", name: "crm", client: "moebel-koeln" },
  sources_of_other_client: { destination: "crm", sources: ["website"] },
  destination_listed_twice: { name: "crm" },
  destination_unknown: { name: "cmr", suggestion: "crm", known: ["crm"] },
  open_intake_behind_proxy: {},
  open_intake_not_loopback: { host: "0.0.0.0" },
  schema_file_missing: { found: path },
  schema_file_not_json: {},
  schema_file_unreadable: { found: path, reason: "EACCES" },
  schema_not_a_schema: {},
  schema_pattern_refers_back: { pattern: "^(a|b)\\1$" },
  schema_pattern_too_large: { pattern: "^(.{1,1000}){1,1000}$" },
  schema_too_costly: {},
  schema_too_large: { partsMax: 2000, depthMax: 100 },
  schema_rejected: { detail: "/properties: object" },
  auth_none: { source: "website" },
  ca_file_unusable: { destination: "crm", why: "missing" },
  destination_private: { destination: "crm" },
  key_ends: { destination: "crm", on: "2027-02-28" },
  success_comparison: { allowed: ["equals", "in", "matches", "exists", "missing"] },
  success_pattern_unfit: { pattern: "(a)\\1", why: "back_reference" },
  success_place_invalid: {},
  success_rule_invalid: {},
  success_status_invalid: {},
  success_url_invalid: {},
  success_value_invalid: {},
  success_wait_invalid: {},
  condition_choice: { allowed: ["all", "any", "not", "pointer"] },
  condition_invalid: {},
  condition_operator: { allowed: ["equals", "in", "matches", "exists", "missing"] },
  condition_too_large: { depthMax: 8, predicatesMax: 200 },
  condition_value_invalid: {},
  map_empty: {},
  map_number_inexact: {},
  map_pointer_unknown: { found: "/email", suggestion: "/lead/email", known: ["/lead", "/data"] },
  map_rule_invalid: {},
  map_rule_origin: { allowed: ["pointer", "first", "all", "join", "constant"] },
  map_table_invalid: {},
  expression_beside_map: {},
  expression_invalid: { reason: "Unexpected end of expression, at character 12 (S0207)" },
  expression_too_long: { charactersMax: 32_768 },
  map_target_conflict: { target: "properties.email", other: "properties" },
  map_target_invalid: { target: "properties..email" },
  map_too_large: { targetsMax: 300 },
  pattern_invalid: { pattern: "(" },
  pattern_refers_back: { pattern: "^(a|b)\\1$" },
  pattern_too_large: { pattern: "^(.{1,1000}){1,1000}$" },
  names_alike: { name: "CRM", other: "crm" },
  nobody_sends_there: { destination: "crm" },
  open_intake_on: {},
  secrets_expired: { source: "website" },
  secret_short: { charactersMin: 16 },
  secret_spaces: {},
  sends_to_nobody: { source: "website" },
  trusts_everyone: {},
  env_admin_key: { charactersMin: 32 },
  env_database_url: {},
  env_empty: { variable: "DATABASE_URL" },
  env_host: {},
  env_key: {},
  env_log_level: { allowed: ["error", "warn", "info"], suggestion: "info" },
  env_port: {},
  env_tls_half: { variable: "LEADLEDGER_TLS_KEY" },
};
