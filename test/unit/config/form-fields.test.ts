// Forms say of every member of the schema exactly once what it is, and nothing of any other.
import { describe, expect, it } from "vitest";
import { checkDestination, checkSource } from "../../../src/config/check-part.ts";
import { buildDestination, buildSource } from "../../../src/config/build-configuration.ts";
import {
  commonSourceMemberNames,
  destinationEntryOf,
  sourceMembersOf,
} from "../../../src/config/configuration-schema.ts";
import type { DeclaredSource } from "../../../src/config/declared-kind.ts";
import { destinationParts } from "../../../src/config/destination-part.ts";
import { destinationFormOf, sourceFields } from "../../../src/config/form-fields.ts";
import type { FormField } from "../../../src/config/form-fields.ts";
import { schemaOfFields } from "../../../src/config/fields/settings.ts";
import { sourceParts } from "../../../src/config/source-part.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { portal } from "../../support/portal-source.ts";
import { languages } from "../../../src/domain/errors/error-catalogue-entry.ts";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly const?: unknown;
}

const kinds = builtInKinds.destinations.map((declared) => [declared.kind, declared] as const);
const destinationEntry = destinationEntryOf(builtInKinds);
const formOf = (kind: string, language: "en" | "de" = "en") => {
  const declared = kinds.find(([name]) => name === kind)?.[1];
  if (declared === undefined) throw new Error(`no form for ${kind}`);
  return destinationFormOf(declared, language);
};
const alternatives = ({ oneOf }: object & { oneOf?: readonly Schema[] }): readonly Schema[] => oneOf ?? [];
const kindOf = ({ properties }: Schema): string => String(properties?.["kind"]?.const);

describe.each([
  ["its own kinds", builtInKinds],
  ["a kind added", { ...builtInKinds, sources: [...builtInKinds.sources, portal] }],
] as const)("The form for sources, with %s", (_what, known) => {
  const sources: readonly DeclaredSource[] = known.sources;
  const others = Object.fromEntries(
    commonSourceMemberNames.map((name) => [name, sourceMembersOf(known)[name]] as const),
  );

  it.each(sources.map((declared) => [declared.kind, declared] as const))(
    "has every member exactly once with kind %s",
    (kind, { place, fields: declared }) => {
      const own = schemaOfFields(declared, kind).properties;
      const schema = {
        properties: place === "top" ? { ...others, ...own } : { ...others, auth: { properties: own } },
      };
      const form = sourceFields("en", known);
      const fields = form.flatMap((field) => [
        field,
        ...field.options
          .filter(({ value }) => field.type === "alternatives" || value === kind)
          .flatMap((option) => option.fields),
      ]);
      const besides = form.flatMap(({ name, options }) =>
        options
          .filter(({ value }) => name !== "auth.kind" || value === kind)
          .flatMap(({ members = {} }) => Object.keys(members))
          // `off` stands in the place of all its members.
          .filter((name) => name !== "silence"),
      );
      const names = [...memberNames(fields), ...besides].filter(
        (name) => place === "auth" || name !== "auth.kind",
      );
      // The window of the content's hash belongs to two alternatives.
      expect([...new Set(names)].toSorted()).toEqual(
        ["name", ...membersOf(schema as unknown as Schema)].toSorted(),
      );
    },
  );

  it("offers every kind", () => {
    const [choice] = sourceFields("en", known).filter(({ name }) => name === "auth.kind");
    expect(choice?.options.map(({ value }) => value).toSorted()).toEqual(
      sources.map(({ kind }) => kind).toSorted(),
    );
  });
});

describe("The form for sources", () => {
  it("says of defaults what holds", () => {
    const built = buildSource("s", { auth: { kind: "none" } }, "Europe/Berlin", null, builtInKinds);
    expectDefaults(sourceFields("en", builtInKinds), sourceParts(builtInKinds).patch(built, {}));
  });
});

describe("Forms for destinations", () => {
  it("are there for every kind", () => {
    const known = alternatives(destinationEntry).map(kindOf);
    expect(kinds.map(([kind]) => kind).toSorted()).toEqual(known.toSorted());
  });

  it.each(alternatives(destinationEntry).map((schema) => [kindOf(schema), schema] as const))(
    "of kind %s have every member exactly once",
    (kind, schema) => {
      const members = membersOf(schema).filter((name) => name !== "kind");
      const { fields } = formOf(kind);
      const inWays = fields.flatMap(({ options }) => options.flatMap((option) => memberNames(option.fields)));
      const names = new Set([...memberNames(fields), ...inWays]);
      expect([...names].toSorted()).toEqual([...new Set(["name", ...members])].toSorted());
    },
  );

  it.each(kinds.map(([kind]) => kind))("of kind %s say of defaults what holds", (kind) => {
    const { fields } = formOf(kind);
    const required = fields.filter((field) => field.required && field.name !== "name");
    const given: Record<string, unknown> = {};
    for (const { name, example } of required) {
      const [member = "", inner] = name.split(".");
      if (inner === undefined) given[member] = example;
      else given[member] = { ...(given[member] as object | undefined), [inner]: example ?? "a secret" };
    }
    const built = buildDestination("d", { ...given, kind }, builtInKinds);
    expectDefaults(fields, destinationParts(builtInKinds).patch(built, {}));
  });

  it("know types and rules from the schema", () => {
    const { fields } = formOf("http");
    const summary = fields.map(({ name, type, required, write_only, rules }) => ({
      name,
      type,
      required,
      write_only,
      ...rules,
    }));
    const plain = { required: false, write_only: false };
    expect(summary).toEqual([
      { ...plain, name: "name", type: "text", required: true, format: "name" },
      { ...plain, name: "url", type: "url", required: true, write_only: true, format: "url" },
      { ...plain, name: "auth.kind", type: "choice" },
      { ...plain, name: "secret", type: "secret", write_only: true, format: "signing-secret" },
      { ...plain, name: "headers", type: "headers", write_only: true, format: "header-value" },
      { ...plain, name: "query", type: "parameters", write_only: true },
      { ...plain, name: "method", type: "choice" },
      { ...plain, name: "success", type: "json", items_max: 50 },
      { ...plain, name: "map", type: "json" },
      { ...plain, name: "expression", type: "long_text", format: "text" },
      { ...plain, name: "content", type: "choice" },
      { ...plain, name: "client", type: "text", format: "client" },
      { ...plain, name: "timeout", type: "duration", format: "duration-timeout", min: "100ms", max: "5m" },
      { ...plain, name: "concurrency", type: "number", min: 1, max: 1_000 },
      { ...plain, name: "limits", type: "texts", format: "send-limit", items_max: 3 },
      { ...plain, name: "opening_hours", type: "texts", format: "opening-rule", items_max: 20 },
      { ...plain, name: "holidays", type: "text", format: "german-state" },
      {
        ...plain,
        name: "retry.fast",
        type: "durations",
        format: "duration-retry",
        min: "0s",
        max: "30d",
        items_max: 20,
      },
      {
        ...plain,
        name: "retry.slow",
        type: "durations",
        format: "duration-retry",
        min: "0s",
        max: "30d",
        items_max: 20,
      },
      { ...plain, name: "allow_private", type: "boolean" },
      { ...plain, name: "ca_file", type: "text", format: "text" },
      { ...plain, name: "when", type: "json" },
      { ...plain, name: "paused", type: "boolean" },
    ]);
  });
});

describe("Words of forms", () => {
  const all = languages.map((language) =>
    [
      ...sourceFields(language, builtInKinds),
      ...kinds.flatMap(([kind]) => formOf(kind, language).fields),
    ].flatMap(textsOf),
  );

  it("are there in both languages and say more than the name", () => {
    const [english = [], german = []] = all;
    expect(german.length).toBe(english.length);
    for (const text of [...english, ...german]) expect(text).toMatch(/^[A-ZÄÖÜ].{3,}\.?$/u);
    const sentences = english.filter((text) => text.endsWith("."));
    expect(sentences.filter((text) => german.includes(text))).toEqual([]);
    expect(german.join(" ")).not.toMatch(/\b(?:fuer|ueber|koennen|Schluessel)\b/u);
  });
});

describe("Problems", () => {
  const around = {
    sources: [],
    destinations: [{ name: "crm", client: null }],
    timezone: "Europe/Berlin",
    rejectBodySchema: () => ({ code: "schema_rejected" as const, params: { detail: "no schema" } }),
  };
  const places = (checked: ReturnType<typeof checkSource> | ReturnType<typeof checkDestination>): string[] =>
    checked.ok ? [] : checked.problems.map(({ place }) => place);

  it.each([
    [{}, "auth.kind"],
    [{ auth: {} }, "auth.kind"],
    [{ auth: { kind: "x" } }, "auth.kind"],
    [{ auth: { kind: "token", secret: "a b" } }, "auth.secret"],
    [{ auth: { kind: "hmac", secret: "a", secrets: [{ value: "b" }] } }, "auth.secret"],
    [{ auth: { kind: "hmac", secrets: [{ not_after: "2030-01-01" }] } }, "auth.secrets"],
    [{ key: { pointer: "x" } }, "key.pointer"],
    [{ key: { body_hash: "1" } }, "key.body_hash"],
    [{ key: { pointer: "/a", body_hash: "1m" } }, "key"],
    [{ to: ["erp"] }, "to"],
    [{ person: { email: "x" } }, "person.email"],
    [{ person: { phone: "" } }, "person.phone"],
    [{ schema: 1 }, "schema"],
    [{ body_limit: "1" }, "body_limit"],
    [{ rate_limit: "1" }, "rate_limit"],
    [{ paused: "yes" }, "paused"],
  ])("of the source %j are placed at the field %s", (entry, field) => {
    const found = places(
      checkSource("s", { auth: { kind: "none" }, ...withAuth(entry) }, around, builtInKinds),
    );
    expect(found.map((place) => fieldAt(place, sourceFields("en", builtInKinds)))).toEqual([field]);
  });

  it.each([
    [{ url: undefined }, "url"],
    [{ url: "ftp://x" }, "url"],
    [{ secret: "whsec_" }, "secret"],
    [{ headers: { Host: "x" } }, "headers"],
    [{ headers: { "X-Team": "ä\n" } }, "headers"],
    [{ timeout: "1h" }, "timeout"],
    [{ concurrency: 0 }, "concurrency"],
    [{ retry: { fast: ["x"] } }, "retry.fast"],
    [{ retry: { slow: ["99d"] } }, "retry.slow"],
    [{ allow_private: 1 }, "allow_private"],
    [{ paused: 1 }, "paused"],
  ])("of the destination %j are placed at the field %s", (entry, field) => {
    const whole = { kind: "http", url: "https://crm.example", ...entry };
    const found = places(
      checkDestination("d", JSON.parse(JSON.stringify(whole)) as object as never, around, builtInKinds),
    );
    expect(found.map((place) => fieldAt(place, formOf("http").fields))).toEqual([field]);
  });

  it("of a name are placed at the name", () => {
    expect(places(checkSource("a b", { auth: { kind: "none" } }, around, builtInKinds))).toEqual(["name"]);
  });
});

/** `auth` is absent only where that is the mistake. */
function withAuth(entry: object): object {
  return Object.keys(entry).length === 0 ? { auth: null } : entry;
}

/** The field whose name the place is, or goes on from. */
function fieldAt(place: string, fields: readonly FormField[]): string | undefined {
  const names = fields.flatMap((field) => [field, ...field.options.flatMap((option) => option.fields)]);
  return names
    .map(({ name }) => name)
    .filter((name) => place === name || place.startsWith(`${name}.`) || place.startsWith(`${name}[`))
    .toSorted((one, other) => other.length - one.length)[0];
}

/** `alternatives` stand for the members that their options have. */
function memberNames(fields: readonly FormField[]): string[] {
  return fields
    .filter(({ type }) => type !== "alternatives")
    .map(({ name }) => name)
    .toSorted();
}

function membersOf(schema: Schema, parent = ""): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const inner = [member, ...(member.oneOf ?? [])].filter(({ properties }) => properties !== undefined);
    if (inner.length === 0) return [`${parent}${name}`];
    return inner.flatMap((each) => membersOf(each, `${parent}${name}.`));
  });
}

function expectDefaults(fields: readonly FormField[], entry: object): void {
  for (const { name, type, required, default: said } of fields) {
    if (required || type === "alternatives") continue;
    const holds = name
      .split(".")
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], entry);
    // "": its kind decides.
    if (said !== "") expect([name, orNothing(said)]).toEqual([name, orNothing(holds)]);
  }
}

/** An empty list, or an empty object, says nothing. */
function orNothing(value: unknown): unknown {
  if (value === undefined) return null;
  return typeof value === "object" && Object.keys(value ?? {}).length === 0 ? null : value;
}

function textsOf({ label, help, options }: FormField): string[] {
  const inner = options.flatMap((option) => [option.label, option.help, ...option.fields.flatMap(textsOf)]);
  return [label, help, ...inner].filter((text) => !/^(?:Name|Token|[A-Z]+)$/.test(text));
}
