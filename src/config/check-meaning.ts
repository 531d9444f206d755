// Checks what no schema can: whether the parts of a configuration fit together, and what is worth a warning.
import type { OfClient } from "../domain/clients/client.ts";
import { formatPointer } from "../domain/values/json-pointer.ts";
import { checkLeadMap } from "./check-lead-map.ts";
import { checkTo } from "./check-to.ts";
import { checkSharedAddresses } from "./check-shared-addresses.ts";
import { checkDeclared, declaredOf } from "./declared-kind.ts";
import type { DeclaredKinds } from "./declared-kind.ts";
import { commonSourceMemberNames } from "./configuration-schema.ts";
import { checkSlaEntry, slaEntriesIn } from "./sla-entry.ts";
import { isMapping, memberNames } from "./fields/settings.ts";
import type { Said } from "./problem.ts";
import type { FoundProblem, YamlFile } from "./yaml-file.ts";

export interface Findings {
  readonly problems: FoundProblem[];
  readonly warnings: FoundProblem[];
}

/**
 * Looks at whatever has the right shape and passes over the rest, so that all problems appear at once.
 * @param otherDestinations those that are made elsewhere; null: nobody knows, so that any name may be one of them
 */
export function checkMeaning(
  file: YamlFile,
  otherDestinations: readonly OfClient[] | null,
  kinds: DeclaredKinds,
): Findings {
  const findings: Findings = { problems: [], warnings: [] };
  const root = mappingOf(file.value);
  const note: Note = (list, tokens, said) => {
    const pointer = formatPointer(tokens);
    const place = file.places.get(pointer);
    // Written by an environment variable that is missing: reported, and nothing is known about its value.
    if (file.unread.has(pointer) || place === undefined) return;
    findings[list].push({
      pointer,
      position: keysArePointedAt.has(said.code) ? place.key : place.value,
      said,
    });
  };
  const clientAt = (section: string, name: string, entry: unknown): string | null | undefined => {
    const { client = null } = mappingOf(entry);
    // Written by a variable that is missing, or no text: reported, and nothing is known about it.
    if (file.unread.has(formatPointer([section, name, "client"]))) return undefined;
    return client === null || typeof client === "string" ? client : undefined;
  };
  const own = Object.entries(mappingOf(root.destinations)).map(([name, entry]) => ({
    name,
    client: clientAt("destinations", name, entry),
  }));
  const isOwn = new Set(own.map(({ name }) => name));
  const destinations =
    otherDestinations === null ? null : [...own, ...otherDestinations.filter(({ name }) => !isOwn.has(name))];
  checkOpenIntakeHere(root, note);
  for (const section of ["sources", "destinations", "sla"])
    checkNames(section, mappingOf(root[section]), note);
  for (const [name, source] of Object.entries(mappingOf(root.sources))) {
    checkCredentials(name, mappingOf(source), kinds, note);
    checkLeadMap(mappingOf(source).map, (place, said) =>
      note("problems", ["sources", name, "map", ...place], said),
    );
    checkKey(name, mappingOf(source).key, note);
    checkSilence(name, mappingOf(source).silence, note);
    const client = clientAt("sources", name, source);
    checkTo({ name, client, to: mappingOf(source).to }, destinations, file, note);
  }
  checkSharedAddresses(
    new Map(Object.entries(mappingOf(root.sources)).map(([name, source]) => [name, mappingOf(source)])),
    kinds,
    (list, place, said) => note(list, ["sources", ...place], said),
  );
  for (const [name, destination] of Object.entries(mappingOf(root.destinations))) {
    const entry = mappingOf(destination);
    const declared = declaredOf(kinds.destinations, entry.kind);
    if (declared === undefined) continue;
    checkDeclared(declared, {
      name,
      entry,
      note: (list, place, said) => note(list, ["destinations", name, ...place], said),
    });
  }
  for (const section of kinds.sections ?? []) {
    const entry = root[section.name];
    if (!isMapping(entry)) continue;
    section.check?.({
      name: section.name,
      entry,
      note: (list, place, said) => note(list, [section.name, ...place], said),
    });
  }
  for (const [name, entry] of slaEntriesIn(root))
    checkSlaEntry(entry, (place, said) => note("problems", ["sla", name, ...place], said));
  return findings;
}

type Note = (list: keyof Findings, tokens: readonly string[], said: Said) => void;

const keysArePointedAt: ReadonlySet<string> = new Set<Said["code"]>([
  "header_twice",
  "key_rule_choice",
  "silence_rule_choice",
  "names_alike",
  "secret_choice",
]);

function checkOpenIntakeHere(root: Record<string, unknown>, note: Note): void {
  const proxies = Array.isArray(root.trust_proxy) ? root.trust_proxy : [];
  if (root.open_intake === true) {
    const list = proxies.length > 0 ? "problems" : "warnings";
    const code = proxies.length > 0 ? "open_intake_behind_proxy" : "open_intake_on";
    note(list, ["open_intake"], { code, params: {} });
  }
  proxies.forEach((proxy: unknown, index) => {
    if (typeof proxy === "string" && /\/0$/.test(proxy)) {
      note("warnings", ["trust_proxy", String(index)], { code: "trusts_everyone", params: {} });
    }
  });
}

function checkNames(section: string, entries: Record<string, unknown>, note: Note): void {
  const seen = new Map<string, string>();
  for (const name of Object.keys(entries)) {
    const other = seen.get(name.toLowerCase());
    if (other === undefined) seen.set(name.toLowerCase(), name);
    else note("warnings", [section, name], { code: "names_alike", params: { name, other } });
  }
}

/** By its kind, wherever the entry names it. */
function checkCredentials(
  name: string,
  entry: Record<string, unknown>,
  kinds: DeclaredKinds,
  note: Note,
): void {
  const isAtTop = entry.kind !== undefined;
  const said = isAtTop ? entry : mappingOf(entry.auth);
  const declared = declaredOf(kinds.sources, said.kind);
  if (declared === undefined || (declared.place === "top") !== isAtTop) return;
  const place = isAtTop ? ["sources", name] : ["sources", name, "auth"];
  checkDeclared(declared, {
    name,
    entry: said,
    members: ["kind", ...memberNames(declared.fields), ...(isAtTop ? commonSourceMemberNames : [])],
    note: (list, within, words) => note(list, [...place, ...within], words),
  });
}

function checkKey(source: string, value: unknown, note: Note): void {
  const key = mappingOf(value);
  const isMixed =
    (key.pointer !== undefined && Object.keys(key).length > 1) ||
    (key.header === "required" && key.body_hash !== undefined);
  if (isMixed) note("problems", ["sources", source, "key"], { code: "key_rule_choice", params: {} });
}

function checkSilence(source: string, value: unknown, note: Note): void {
  const silence = mappingOf(value);
  const hasFixedTime = silence.at_least_one_per !== undefined;
  const isMixed = hasFixedTime
    ? silence.false_alarms_per_year !== undefined
    : silence.opening_hours !== undefined;
  if (isMixed) note("problems", ["sources", source, "silence"], { code: "silence_rule_choice", params: {} });
}

function mappingOf(value: unknown): Record<string, unknown> {
  return isMapping(value) ? value : {};
}
