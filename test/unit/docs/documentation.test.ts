// What the pages of docs/ say about names: links, codes, events, keys and variables are the program's own.
import { generateKeyPairSync } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { configurationJsonSchema } from "../../../src/config/configuration-schema.ts";
import { memberNames } from "../../../src/config/fields/settings.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { apiErrors } from "../../../src/domain/errors/api-errors.ts";
import { dlqErrors } from "../../../src/domain/errors/dlq-errors.ts";
import { errorCatalogue } from "../../../src/domain/errors/error-catalogue.ts";
import {
  anchors,
  bare,
  docsFolder,
  examples,
  firstColumn,
  languages,
  page,
  pagesOf,
  tables,
} from "../../support/documentation.ts";

const root = join(import.meta.dirname, "../../..");

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2_048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
/** As Google gives one for download. */
const serviceAccountKey = JSON.stringify({ client_email: "a@b.example", private_key: privateKey });
/** Written by others at the same time as these pages. */
const writtenElsewhere = new Set(["command-line.md"]);
const ledgerTables = ["runs", "audit_events", "dlq", "kpi_daily"];
const headings = {
  en: { variable: "Variable", key: "Key", status: "Status", column: "Column" },
  de: { variable: "Variable", key: "Angabe", status: "Status", column: "Spalte" },
} as const;

describe.each(languages)("the documentation (%s)", (language) => {
  const pages = pagesOf(language).filter((name) => !writtenElsewhere.has(name));

  it.each(pages)("%s links only to what exists", (name) => {
    const targets = [...page(language, name).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
    const broken = targets.filter((target) => !leadsSomewhere(language, name, target));
    expect(broken).toEqual([]);
    expect(targets.length).toBeGreaterThan(0);
  });

  it("has every page in its list of contents", () => {
    for (const name of pages.filter((each) => each !== "README.md")) {
      expect(page(language, "README.md")).toContain(`(${name})`);
    }
  });

  it("names every failure code of deliveries, and no other", () => {
    const documented = firstColumn(language, "audit-dlq-kpi.md", "error_code");
    expect(documented.toSorted()).toEqual([...failureCodes(), "destination_removed"].toSorted());
  });

  it("names every error code of the webhook with its status, and no other", () => {
    const [table] = tables(language, "webhooks.md").filter(
      ([head]) => head?.[0] === headings[language].status,
    );
    const documented = (table ?? []).slice(2).map((row) => `${bare(row[0])} ${bare(row[1])}`);
    const known = Object.entries(errorCatalogue)
      .filter(([code]) => !Object.hasOwn({ ...apiErrors, ...dlqErrors }, code))
      .map(([code, { status }]) => `${status} ${code}`);
    expect(documented.toSorted()).toEqual(known.toSorted());
  });

  it("names every SQLSTATE that the ledger raises, and no other", () => {
    const own = [...ledgerSql().matchAll(/ERRCODE = '(LL\d{3})'/g)].map((match) => match[1] ?? "");
    expect(firstColumn(language, "audit-dlq-kpi.md", "SQLSTATE").toSorted()).toEqual(
      ["42501", ...new Set(own)].toSorted(),
    );
  });

  it("names every column of the four tables, the seed's first and in its order", () => {
    const documented = firstColumn(language, "audit-dlq-kpi.md", headings[language].column)
      .flatMap((cell) => cell.split(", "))
      .toSorted();
    expect(documented).toEqual(ledgerTables.flatMap(columnsOf).toSorted());
  });

  it("names every key of leadledger.yaml", () => {
    // What a kind alone has stands on the page that its declaration writes.
    const documented = [
      "configuration.md",
      ...pagesOf(language).filter((name) => name.endsWith("-kinds.md")),
    ].flatMap((name) => firstColumn(language, name, headings[language].key));
    const missing = configurationKeys().filter((key) => !documented.includes(key));
    expect(missing).toEqual([]);
    const ofKinds = builtInKinds.sources.flatMap(({ place, fields }) =>
      memberNames(fields).map((member) => (place === "auth" ? `auth.${member}` : member)),
    );
    expect(ofKinds.filter((key) => !documented.includes(key))).toEqual([]);
    const known = [...configurationKeys(), ...ofKinds];
    expect(documented.filter((key) => !known.includes(key))).toEqual([]);
  });

  it("names every environment variable", () => {
    const read = readFileSync(join(root, "src/config/environment.ts"), "utf8");
    const known = new Set([...read.matchAll(/\b(?:env\.|env,\s+")([A-Z_]+)/g)].map((match) => match[1]));
    expect(known.size).toBe(10);
    expect(firstColumn(language, "configuration.md", headings[language].variable).toSorted()).toEqual(
      [...known].toSorted(),
    );
  });

  const configurations = pages.flatMap((name) => examples(language, name, "yaml"));
  it.each(configurations)("has a configuration that loads at $place", async ({ code: shown }) => {
    // What a kind of source declares as its example is a part of one entry.
    const code = /^(auth|kind):/.test(shown)
      ? `sources:\n  website:\n    ${shown.replaceAll(/\n(?=.)/g, "\n    ")}`
      : shown;
    const variables = [...code.matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]) => [
      name,
      name.endsWith("_SERVICE_ACCOUNT") ? serviceAccountKey : "a-value-of-some-length",
    ]);
    // Pages show the part that they speak of.
    const text =
      code.includes("to: [crm]") || code.includes("destinations:") ? code : `${code}destinations: {}\n`;
    const loaded = await loadConfiguration({
      kinds: builtInKinds,
      path: "leadledger.yaml",
      env: Object.fromEntries(variables) as Record<string, string>,
      readFile: (path) => Promise.resolve(Buffer.from(path.endsWith(".json") ? "{}" : text)),
    });
    expect(loaded.ok ? [] : loaded.problems).toEqual([]);
  });

  it("has the four queries that people know, word for word", () => {
    const [known] = examples(language, "audit-dlq-kpi.md", "sql");
    expect(known?.code.split("\n").filter((line) => line.startsWith("SELECT"))).toEqual([
      "SELECT run_id, status, received_at FROM runs ORDER BY received_at DESC LIMIT 20;",
      "SELECT event_type, payload FROM audit_events WHERE run_id = '<run_id>' ORDER BY event_time;",
      "SELECT dlq_id, reason, retry_count FROM dlq WHERE status = 'open';",
      "SELECT * FROM kpi_daily ORDER BY day DESC LIMIT 7;",
    ]);
  });

  it("shows the same SQL as the other language does, but for comments and notes", () => {
    const statements = (of: (typeof languages)[number]): string[] =>
      examples(of, "audit-dlq-kpi.md", "sql").map(({ code }) => code.replaceAll(/^--.*$|'[^']*'/gm, ""));
    expect(statements(language)).toEqual(statements("en"));
  });
});

function leadsSomewhere(language: "en" | "de", name: string, target: string): boolean {
  if (/^https:\/\//.test(target)) return true;
  const [file = "", anchor] = target.split("#");
  const path =
    file === "" ? join(docsFolder, language, name) : join(dirname(join(docsFolder, language, name)), file);
  if (writtenElsewhere.has(file)) return true;
  if (!existsSync(path)) return false;
  return anchor === undefined || anchors(readFileSync(path, "utf8")).has(anchor);
}

/** Tables, and what stands in force on them. */
function ledgerSql(): string {
  return ["migrations", "sql"]
    .map((name) => join(root, name))
    .flatMap((folder) => readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8")))
    .join("\n");
}

function failureCodes(): string[] {
  const text = readFileSync(join(root, "src/domain/destinations/outcome.ts"), "utf8");
  const classes = /const failureClasses = \{([\s\S]*?)\n\} as const/.exec(text)?.[1] ?? "";
  return [...classes.matchAll(/^ {2}(\w+): "/gm)].map((match) => match[1] ?? "");
}

function columnsOf(table: string): string[] {
  const body =
    new RegExp(`CREATE TABLE public\\.${table} \\(\\n([\\s\\S]*?)\\n\\)`).exec(ledgerSql())?.[1] ?? "";
  const later = [...ledgerSql().matchAll(/^ALTER TABLE public\.([a-z_]+)\b([^;]*);/gm)]
    .filter(([, altered]) => altered === table)
    .flatMap(([, , changes = ""]) => [...changes.matchAll(/ADD COLUMN (?:IF NOT EXISTS )?([a-z_]+)/g)]);
  return [...body.matchAll(/^ {2}([a-z_]+) /gm), ...later].map((match) => match[1] ?? "");
}

/** As the pages write them: those of `auth` and `key` with their parent. */
function configurationKeys(): string[] {
  const schema = configurationJsonSchema(builtInKinds) as unknown as Schema;
  const either = entryOf(schema, "sources");
  // Where a kind stands at the top of an entry: what its own fields are, its kind's page says.
  const source = either.else ?? either;
  const destination = entryOf(schema, "destinations");
  const inner = (parent: string, of: Schema | undefined): string[] =>
    Object.keys(of?.properties ?? {}).map((key) => `${parent}.${key}`);
  return [
    ...new Set([
      ...Object.keys(schema.properties ?? {}),
      ...Object.keys(source.properties ?? {}),
      ...inner("key", source.properties?.key),
      ...inner("person", source.properties?.person),
      ...(destination.oneOf ?? []).flatMap((kind) => Object.keys(kind.properties ?? {})),
      ...groups.flatMap((group) =>
        (destination.oneOf ?? []).flatMap((kind) => inner(group, kind.properties?.[group])),
      ),
      ...(destination.oneOf ?? [])
        .flatMap((kind) => kind.properties?.auth?.oneOf ?? [])
        .flatMap((way) => inner("auth", way)),
    ]),
  ].filter((key) => !groups.includes(key));
}

/** Whose members have a line each. */
const groups: readonly string[] = ["retry", "oauth"];

function entryOf(schema: Schema, section: string): Schema {
  return schema.properties?.[section]?.additionalProperties ?? {};
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly oneOf?: readonly Schema[];
  readonly else?: Schema;
}
