// leadledger import and export, as operators run them: from a messy file to leads, and a whole installation to another.
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { ledgerDatabase, startTestApp, testRootKeyHex, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { testAdminKey } from "../support/api-client.ts";
import { useCommandLine } from "../support/command-line.ts";
import type { FreshDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

interface ImportReport {
  readonly rows: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly refused: number;
  readonly invalid: number;
  readonly refused_file: string | null;
}

describe("The command line for import and export", () => {
  const commandLine = useCommandLine();
  let database: FreshDatabase;
  let app: TestApp;
  beforeAll(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
    app = await startTestApp(
      database,
      { sources: [testSource("crm-alt", { to: [], schema: { type: "object", required: ["email"] } })] },
      { adminKey: testAdminKey },
    );
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });
  beforeEach(() => {
    commandLine.env = { DATABASE_URL: database.url, LEADLEDGER_KEY: testRootKeyHex };
  });

  const file = (name: string): string => join(commandLine.folder, name);
  const leads = async (): Promise<number> => {
    const { rows } = await app.installation.database.query<{ count: number }>(
      "SELECT count(*) AS count FROM runs",
    );
    return rows[0]?.count ?? -1;
  };
  const messy = [
    "Lead-ID;E-Mail;Tel;PLZ;Umsatz;Notiz",
    '1;jürgen@example.com;+49 711 1;01067;"1.234,50";"zwei\nZeilen"',
    "2;;0711 2;70173;;",
    "3;carl@example.com;0711 3;70174;viel;",
    "4;dora@example.com",
    "5;emil@example.com;;;99,9;ok",
  ].join("\r\n");
  const mapped = [
    "--source",
    "crm-alt",
    "--map",
    "E-Mail=email",
    "--map",
    "PLZ=/address/zip",
    "--map",
    "Umsatz=revenue:number",
    "--key-column",
    "Lead-ID",
  ];

  it("shows in a dry run what would become of a messy file, and writes nothing", async () => {
    await writeFile(file("alt.csv"), Buffer.from(messy, "latin1"));
    const { code, stdout } = await commandLine.run(
      "import",
      "alt.csv",
      ...mapped,
      "--dry-run",
      "--lang",
      "de",
    );
    expect(code).toBe(0);
    expect(stdout).toContain("windows-1252");
    expect(stdout).toContain('"address":{"zip":"01067"},"revenue":1234.50');
    expect(stdout).toContain(
      "5 Zeilen: 2 neu, 0 schon bekannt, 1 abgelehnt und aufbewahrt, 0 unter der Kennung eines anderen Leads, 2 unbrauchbar.",
    );
    expect(await leads()).toBe(0);
    expect(existsSync(file("alt.refused.csv"))).toBe(false);
  });

  it("imports it, and the refused rows when they are mended, each under its key", async () => {
    await writeFile(file("alt.csv"), Buffer.from(messy, "latin1"));
    const first = await commandLine.run("import", "alt.csv", ...mapped, "--json");
    expect(first.code).toBe(1);
    const report = JSON.parse(first.stdout) as ImportReport;
    expect(report).toMatchObject({
      rows: 5,
      accepted: 2,
      duplicate: 0,
      refused: 1,
      invalid: 2,
      refused_file: "alt.refused.csv",
    });
    expect(await leads()).toBe(3);
    const refused = await readFile(file("alt.refused.csv"), "utf8");
    expect(refused).toContain('3;carl@example.com;0711 3;70174;viel;;;4;"column ""Umsatz"" is no number"');

    const mended = refused
      .replace("2;;0711 2", "2;berta@example.com;0711 2")
      .replace("viel", "7")
      .replace(";dora@example.com;;", ";dora@example.com;0711 4;");
    await writeFile(file("mended.csv"), mended);
    const second = await commandLine.json<ImportReport>("import", "mended.csv", ...mapped);
    expect(second).toMatchObject({ rows: 3, accepted: 3, refused_file: null });
    expect(await leads()).toBe(5);
    const { rows } = await app.installation.database.query<{ status: string }>(
      "SELECT DISTINCT status FROM runs",
    );
    expect(rows).toEqual([{ status: "processed" }]);

    const again = await commandLine.run("import", "alt.csv", ...mapped, "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ accepted: 0, duplicate: 2 });
    expect(await leads()).toBe(5);
    expect(existsSync(file("alt.refused-2.csv"))).toBe(true);
  });

  it("reads tables and lists as other programs write them, and foresees the repeats within the file", async () => {
    const before = await leads();
    const imported = async (name: string, content: string | Buffer, ...args: string[]) => {
      await writeFile(file(name), content);
      const { code, stdout, stderr } = await commandLine.run(
        "import",
        name,
        "--source",
        "crm-alt",
        ...args,
        "--json",
      );
      return { code, stderr, ...(stdout === "" ? {} : (JSON.parse(stdout) as ImportReport)) };
    };
    const table = [
      ...[
        "sep=;",
        ";;;",
        '"email"; "Name";Name;;',
        'a@example.com; "A";B;;',
        ";;;;",
        "",
        "a@example.com;A;B",
      ],
      ...["b@example.com;;;;", ";;;x;"],
    ].join("\r\n");
    expect(await imported("table.csv", table, "--dry-run")).toMatchObject({
      code: 0,
      rows: 4,
      blank: 2,
      accepted: 2,
      duplicate: 1,
      invalid: 1,
      first: [
        { row: 4, body: { email: "a@example.com", Name: "A", "Name 2": "B" } },
        { row: 7 },
        { row: 8, body: { email: "b@example.com" } },
      ],
    });
    expect(await imported("table.csv", table)).toMatchObject({
      code: 1,
      rows: 4,
      blank: 2,
      accepted: 2,
      duplicate: 1,
      invalid: 1,
    });
    const list =
      '[{"email":"c@example.com","id":12345678901234567890},\n{"id":12345678901234567890,"email":"c@example.com"}]';
    const keyed = ["--key-column", "id"] as const;
    expect(await imported("list.json", list, ...keyed, "--dry-run")).toMatchObject({
      accepted: 1,
      duplicate: 1,
    });
    expect(await imported("list.json", list, ...keyed)).toMatchObject({ code: 0, accepted: 1, duplicate: 1 });
    const lines = '{"email":"d@example.com"}\n\n{"email":"e@example.com"}\n';
    expect(await imported("lines.json", lines)).toMatchObject({ code: 0, rows: 2, blank: 1, accepted: 2 });
    expect(await imported("half.json", '[{"email":"f@example.com"},')).toMatchObject({ code: 2 });
    expect(await imported("leads.csv", Buffer.from("504b0304140000786c2f", "hex"))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Excel workbook") as unknown,
    });
    expect(await leads()).toBe(before + 5);
  });

  it("says in German why rows were refused, in the file of refused rows too", async () => {
    await writeFile(file("alt.csv"), messy);
    await commandLine.run("import", "alt.csv", ...mapped, "--restart", "--lang", "de");
    const refused = await readFile(file("alt.refused.csv"), "utf8");
    expect(refused).toContain('"Spalte ""Umsatz"" ist keine Zahl"');
    expect(refused).toContain("hat 2 Zellen, die Kopfzeile aber 6");
    expect(refused).toMatch(/Pflichtfeld fehlt/);
    expect(refused).not.toMatch(/must|has \d|column/);
  });

  it("goes on where it was killed, and makes no lead twice", async () => {
    const before = await leads();
    const lines = Array.from({ length: 6_000 }, (_each, index) => `k${index};k${index}@example.com`);
    await writeFile(file("many.csv"), `id;email\n${lines.join("\n")}\n`);
    const args = ["import", "many.csv", "--source", "crm-alt", "--key-column", "id"];
    const { child, finished } = commandLine.start(...args);
    await until("a first batch", () => existsSync(file("many.csv.import-state")));
    child.kill("SIGKILL");
    await finished;
    expect(existsSync(file("many.csv.import-state"))).toBe(true);
    const { code, stdout, stderr } = await commandLine.run(...args, "--json");
    expect(code).toBe(0);
    expect(stderr).toContain("Going on after");
    const report = JSON.parse(stdout) as ImportReport;
    expect(report.rows).toBe(6_000);
    expect(report.accepted + report.duplicate).toBe(6_000);
    expect(await leads()).toBe(before + 6_000);
    expect(existsSync(file("many.csv.import-state"))).toBe(false);
  });

  it("imports and exports over the API, too, line by line and exact", async () => {
    await writeFile(file("leads.ndjson"), '{"email":"n@example.com","id":98765432109876543210}\nbroken\n');
    commandLine.env = { LEADLEDGER_URL: app.url, LEADLEDGER_API_KEY: testAdminKey };
    const { code, stdout } = await commandLine.run(
      "import",
      "leads.ndjson",
      "--source",
      "crm-alt",
      "--key-column",
      "/id",
      "--json",
    );
    expect({ code, report: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 1,
      report: { accepted: 1, invalid: 1 },
    });
    const exported = await commandLine.runProcess(
      "export",
      "runs",
      "--format",
      "ndjson",
      "--idempotency-key",
      "98765432109876543210",
    );
    expect(exported.code).toBe(0);
    expect(exported.stdout).toContain('"id": 98765432109876543210');
    const saved = await commandLine.json<{ bytes: number }>(
      "export",
      "runs",
      "--excel-de",
      "--fields",
      "email",
      "--out",
      "leads.csv",
    );
    const text = await readFile(file("leads.csv"));
    expect(text.length).toBe(saved.bytes);
    expect(text.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(existsSync(file("leads.csv.part"))).toBe(false);
  });

  it("says what to do where it cannot, in German too", async () => {
    const note = async (...args: string[]): Promise<string> =>
      (await commandLine.run(...args, "--lang", "de")).stderr;
    await writeFile(file("alt.csv"), messy);
    expect(await note("import", "alt.csv")).toContain("--source");
    expect(await note("import", "none.csv", "--source", "crm-alt")).toContain("gibt es nicht");
    expect(await note("import", "alt.csv", "--source", "crm-alt", "--map", "Mail=email")).toContain(
      'keine Spalte "Mail"',
    );
    expect(await note("import", "alt.csv", "--source", "nobody")).toContain("Quelle");
    expect(await note("import", ".", "--source", "crm-alt")).toContain("ist ein Ordner");
    expect(await note("import", ".", "--all")).toContain("ist ein Ordner");
    expect(await note("import", "alt.csv", "--mapping", "none.yaml")).toContain("gibt es nicht");
    expect(await note("source", "add", "new", "--schema", ".")).toContain("ist ein Ordner");
    expect(await note("export", "--all", "--out", "none/archive.gz")).toMatch(
      /none.*gibt es nicht[^]*file_unusable/,
    );
    expect(await note("export")).toContain("--all");
    expect(await note("import", "alt.csv", "--all")).toContain("kein Archiv");
  });

  it("moves the installation, and refuses a different key with what to do", async () => {
    expect((await commandLine.run("export", "--all", "--out", "archive.ndjson.gz")).code).toBe(0);
    expect(gunzipSync(await readFile(file("archive.ndjson.gz"))).toString("utf8")).not.toContain(
      testRootKeyHex,
    );
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    const target = await ledgerDatabase(server);
    commandLine.env = { DATABASE_URL: target.url, LEADLEDGER_KEY: "2e".repeat(32) };
    const refused = await commandLine.run("import", "--all", "archive.ndjson.gz", "--lang", "de");
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("LEADLEDGER_KEY auf den Hauptschlüssel der Installation") as unknown,
    });
    commandLine.env = { DATABASE_URL: target.url, LEADLEDGER_KEY: testRootKeyHex };
    const { rows } = await commandLine.json<{ rows: Record<string, number> }>(
      "import",
      "--all",
      "archive.ndjson.gz",
    );
    expect(rows["runs"]).toBe(await leads());
    const shown = await commandLine.run("runs", "list", "--limit", "1");
    expect(shown.code).toBe(0);
    await target.drop();
  });
});
