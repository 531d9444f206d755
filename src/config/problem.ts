// What can be wrong with a configuration: a closed list of codes, what each one knows, and where it is.

/** What a value is, in words that texts exist for. */
/** Why a destination's `ca_file` cannot be used. */
export type CaFileFault = "missing" | "unreadable" | "no_certificate";

export type ValueKind = "text" | "number" | "whole_number" | "boolean" | "mapping" | "list" | "nothing";

/**
 * What is known about a problem, by its stable code. `found` is null when the value may not be shown, because
 * it came from the environment. Nothing in here is ever a secret: params are shown, logged and sent as JSON.
 */
export interface ProblemParams {
  // The file
  file_missing: object;
  file_unreadable: { readonly reason: string };
  file_too_large: { readonly limitBytes: number };
  file_not_utf8: object;
  // YAML
  yaml_alias: object;
  yaml_character: object;
  yaml_duplicate_key: { readonly key: string; readonly firstLine: number };
  yaml_escape: object;
  yaml_indentation: object;
  yaml_key_not_text: object;
  yaml_missing: object;
  yaml_nested_colon: object;
  yaml_reserved_character: { readonly character: string };
  yaml_several_documents: object;
  yaml_tab: object;
  yaml_tag: object;
  yaml_too_deep: object;
  yaml_unexpected: object;
  yaml_version: object;
  // Environment variables in values
  variable_empty: { readonly variable: string };
  variable_malformed: object;
  variable_missing: { readonly variable: string };
  // The shape
  key_missing: { readonly key: string; readonly example: string };
  key_not_for_kind: { readonly key: string; readonly kind: string };
  key_rule_choice: object;
  silence_rule_choice: object;
  list_empty: object;
  list_too_long: { readonly entriesMax: number };
  not_one_of: {
    readonly found: string | null;
    readonly suggestion: string | null;
    readonly allowed: readonly string[];
  };
  number_range: { readonly min: number; readonly max: number };
  secret_choice: { readonly name: string };
  unknown_key: {
    readonly key: string;
    readonly suggestion: string | null;
    readonly known: readonly string[];
  };
  value_missing: { readonly expected: ValueKind };
  wrong_type: { readonly expected: ValueKind; readonly found: ValueKind };
  // Values
  client_invalid: { readonly found: string | null };
  country_unknown: { readonly found: string | null };
  address_invalid: { readonly found: string | null };
  duration_invalid: { readonly found: string | null };
  duration_range: { readonly found: string | null; readonly min: string; readonly max: string };
  expiry_invalid: { readonly found: string | null };
  header_name_invalid: { readonly name: string };
  header_reserved: { readonly name: string };
  header_twice: { readonly name: string };
  header_value_invalid: object;
  label_invalid: { readonly found: string | null; readonly charactersMax: number };
  name_invalid: { readonly name: string };
  public_url_invalid: object;
  opening_hours_invalid: { readonly found: string | null };
  opening_hours_never: object;
  pointer_invalid: { readonly found: string | null };
  rate_invalid: { readonly found: string | null };
  share_invalid: { readonly found: string | null };
  sla_client_needless: object;
  sla_holidays_alone: object;
  sla_needless: { readonly key: string; readonly measure: string };
  /** A source or destination of this name is not there. */
  sla_part_unknown: { readonly part: "source" | "destination"; readonly name: string };
  size_invalid: { readonly found: string | null };
  size_range: { readonly found: string | null; readonly min: string; readonly max: string };
  send_limit_invalid: { readonly found: string | null };
  send_limits_repeated: object;
  signing_secret_malformed: object;
  state_unknown: { readonly found: string | null };
  text_empty: object;
  /** Of a format that a single kind has; `expected` ends a sentence, with an example. */
  text_unfit: { readonly expected: Readonly<Record<Language, string>> };
  timezone_read_differently: {
    readonly found: string;
    readonly suggestion: string | null;
    /** ISO date. */
    readonly on: string;
  };
  timezone_unknown: { readonly found: string | null; readonly suggestion: string | null };
  token_unsendable: object;
  url_credentials: object;
  url_fragment: object;
  url_invalid: object;
  url_scheme: object;
  // What does not fit together
  /** `client`: of the source; null: none, or it may not be said. */
  destination_of_other_client: {
    readonly source: string;
    readonly name: string | null;
    readonly client: string | null;
  };
  sources_of_other_client: { readonly destination: string; readonly sources: readonly string[] };
  client_has_leads: { readonly source: string; readonly client: string };
  client_has_open_deliveries: { readonly name: string; readonly leads: number };
  destination_listed_twice: { readonly name: string | null };
  destinations_unchosen: object;
  destination_unknown: {
    readonly name: string | null;
    readonly suggestion: string | null;
    readonly known: readonly string[];
  };
  open_intake_behind_proxy: object;
  open_intake_not_loopback: { readonly host: string };
  schema_file_missing: { readonly found: string | null };
  schema_file_not_json: object;
  schema_file_unreadable: { readonly found: string | null; readonly reason: string };
  schema_not_a_schema: object;
  schema_pattern_refers_back: { readonly pattern: string };
  schema_pattern_too_large: { readonly pattern: string };
  schema_rejected: { readonly detail: string };
  schema_too_costly: object;
  schema_too_large: { readonly partsMax: number; readonly depthMax: number };
  // Warnings: the configuration is valid, but is it meant?
  auth_none: { readonly source: string };
  ca_file_unusable: { readonly destination: string; readonly why: CaFileFault };
  destination_private: { readonly destination: string };
  key_ends: { readonly destination: string; readonly on: string };
  success_comparison: { readonly allowed: readonly string[] };
  success_pattern_unfit: {
    readonly pattern: string;
    readonly why: "malformed" | "back_reference" | "too_large";
  };
  success_place_invalid: object;
  success_rule_invalid: object;
  success_status_invalid: object;
  success_url_invalid: object;
  success_value_invalid: object;
  success_wait_invalid: object;
  condition_choice: { readonly allowed: readonly string[] };
  condition_invalid: object;
  condition_operator: { readonly allowed: readonly string[] };
  condition_too_large: { readonly depthMax: number; readonly predicatesMax: number };
  condition_value_invalid: object;
  map_empty: object;
  map_number_inexact: object;
  map_pointer_unknown: {
    readonly found: string;
    readonly suggestion: string | null;
    readonly known: readonly string[];
  };
  map_rule_invalid: object;
  map_rule_origin: { readonly allowed: readonly string[] };
  map_table_invalid: object;
  map_target_conflict: { readonly target: string; readonly other: string };
  map_target_invalid: { readonly target: string };
  expression_beside_map: object;
  /** In the words of JSONata. */
  expression_invalid: { readonly reason: string };
  expression_too_long: { readonly charactersMax: number };
  map_too_large: { readonly targetsMax: number };
  pattern_invalid: { readonly pattern: string };
  pattern_refers_back: { readonly pattern: string };
  pattern_too_large: { readonly pattern: string };
  names_alike: { readonly name: string; readonly other: string };
  nobody_sends_there: { readonly destination: string };
  open_intake_on: object;
  secrets_expired: { readonly source: string };
  secret_short: { readonly charactersMin: number };
  secret_spaces: object;
  sends_to_nobody: { readonly source: string };
  trusts_everyone: object;
  // The environment
  env_admin_key: { readonly charactersMin: number };
  env_database_url: object;
  env_empty: { readonly variable: string };
  env_host: object;
  env_key: object;
  env_log_level: { readonly allowed: readonly string[]; readonly suggestion: string | null };
  env_port: object;
  env_tls_half: { readonly variable: string };
}

export type ProblemCode = keyof ProblemParams;

/** A problem without its place. */
export type Said<Code extends ProblemCode = ProblemCode> = {
  [C in Code]: { readonly code: C; readonly params: ProblemParams[C] };
}[Code];

/** Where a problem is. */
export interface Place {
  readonly file: string;
  /** From 1; null when the file as a whole is meant. */
  readonly line: number | null;
  /** From 1, in UTF-16 units as editors count; null when the file as a whole is meant. */
  readonly column: number | null;
  /** For people: `sources.website.auth.secrets[0]`; "" is the whole file. */
  readonly path: string;
}

export type Problem = Place & Said & { readonly message: string };

export type Language = "en" | "de";

/** The texts of some codes, complete in every language. */
export type ProblemTexts<Codes extends ProblemCode> = {
  readonly [Code in Codes]: Readonly<Record<Language, (params: ProblemParams[Code]) => string>>;
};
