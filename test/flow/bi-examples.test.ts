// The dashboard for Grafana and the set-up script for Metabase: their questions are answered by the views, for each role.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ensureBiRole } from "../../src/ledger/accounts/sql-roles.ts";
import { libpqConnection } from "../../src/ledger/connection/database-url.ts";
import { rollUpKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { describeOnEachServer } from "../support/database.ts";
import { asRole, dropRoles, openTestLedger, passwordOf, receiveLead } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";
import { startMetabaseDouble } from "../support/metabase-double.ts";

const run = promisify(execFile);
const examples = join(import.meta.dirname, "../../examples");

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly rawSql: string; readonly format: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
}

const dashboard = JSON.parse(await readFile(join(examples, "grafana/leadledger.json"), "utf8")) as Dashboard;

describeOnEachServer("Examples for BI tools", (server) => {
  let ledger: TestLedger;
  let roles: readonly string[];
  beforeAll(async () => {
    ledger = await openTestLedger(server);
    await ledger.program.query(
      `INSERT INTO internal.sources (name, managed_by, settings) VALUES ('website', 'api', '{"client": "koeln", "auth": {"kind": "token"}}')`,
    );
    for (let count = 0; count < 3; count += 1) await receiveLead(ledger, ["crm"]);
    await ledger.hand.query(
      "INSERT INTO dlq (run_id, kind, destination, error_code) SELECT run_id, 'delivery', 'crm', 'destination_error' FROM runs LIMIT 1",
    );
    await rollUpKpis(ledger.program);
    const options = { password: passwordOf };
    roles = [
      await ensureBiRole(ledger.program, null, options),
      await ensureBiRole(ledger.program, "koeln", options),
    ];
  });
  afterAll(async () => {
    await ledger.close();
    await dropRoles(server, roles);
  });

  const answers = async (role: string, questions: readonly string[]): Promise<pg.QueryResult[]> => {
    const client = new pg.Client({ connectionString: asRole(ledger.url, role) });
    await client.connect();
    try {
      const results: pg.QueryResult[] = [];
      for (const question of questions) results.push(await client.query(question));
      return results;
    } finally {
      await client.end();
    }
  };

  describe("Grafana", () => {
    /** As Grafana fills them in. */
    const filled = (sql: string, values: Readonly<Record<string, string>>): string =>
      sql
        .replaceAll("$__timeFrom()", `'${new Date(Date.now() - 86_400_000).toISOString()}'`)
        .replaceAll("$__timeTo()", `'${new Date(Date.now() + 3_600_000).toISOString()}'`)
        .replaceAll(/\$(\w+)/g, (_, name: string) => values[name] ?? `missing_${name}`);

    it("panels and variables are answered, for all and for some", async () => {
      const questions = [
        ...dashboard.panels.flatMap(({ targets }) => targets.map(({ rawSql }) => rawSql)),
        ...dashboard.templating.list.map(({ query }) => query),
      ];
      expect(questions.length).toBeGreaterThan(10);
      for (const values of [
        { client: "'all'", source: "'all'" },
        { client: "'koeln','bonn'", source: "'website'" },
      ])
        for (const role of roles) {
          const results = await answers(
            role,
            questions.map((question) => filled(question, values)),
          );
          expect(results.slice(0, 5).map(({ rows }) => Number(Object.values(rows[0] as object)[0]))).toEqual([
            3, 0, 1, 0, 1,
          ]);
        }
      const [others] = await answers(roles[0] ?? "", [
        filled(questions[0] ?? "", { client: "'bonn'", source: "'all'" }),
      ]);
      expect(Number(Object.values(others?.rows[0] as object)[0])).toBe(0);
    });

    it("takes the dashboard from a file: the classic form, one id per panel, each in its place", async () => {
      expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(39);
      expect(dashboard).not.toHaveProperty("spec");
      expect(dashboard).not.toHaveProperty("elements");
      expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
      const places = new Set<string>();
      for (const { gridPos } of dashboard.panels)
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            expect(x).toBeLessThan(24);
            expect(places.has(`${x} ${y}`)).toBe(false);
            places.add(`${x} ${y}`);
          }
      const sources = parse(await readFile(join(examples, "grafana/datasources.yml"), "utf8")) as {
        readonly datasources: readonly { readonly uid: string; readonly type: string }[];
      };
      const { uid, type } = sources.datasources[0] ?? { uid: "", type: "" };
      for (const panel of dashboard.panels) expect(panel.datasource).toEqual({ type, uid });
      const files = parse(await readFile(join(examples, "grafana/dashboards.yml"), "utf8")) as {
        readonly apiVersion: number;
      };
      expect(files.apiVersion).toBe(1);
    });
  });

  it("Metabase is set up by the script, once, and its questions are answered", async () => {
    const metabase = await startMetabaseDouble();
    try {
      const role = roles[0] ?? "";
      const { uri } = libpqConnection(ledger.url, role, passwordOf(role));
      const env = {
        ...process.env,
        METABASE_URL: metabase.url,
        METABASE_API_KEY: metabase.apiKey,
        LEADLEDGER_BI_URL: uri,
      };
      const script = join(examples, "metabase/set-up.mjs");
      for (let time = 0; time < 2; time += 1) {
        const { stdout } = await run(process.execPath, [script], { env });
        expect(stdout.trim()).toBe(`${metabase.url}/dashboard/1`);
      }
      expect(metabase.databases).toHaveLength(1);
      expect(metabase.databases[0]).toMatchObject({
        engine: "postgres",
        details: { user: role, password: passwordOf(role), "schema-filters-patterns": "bi,bi_client" },
      });
      expect(metabase.dashboards).toHaveLength(1);
      expect(metabase.dashboards[0]?.["dashcards"]).toHaveLength(metabase.cards.length);
      expect(metabase.fields.map(({ id }) => id).toSorted()).toEqual([1, 3, 4, 5]);
      const questions = metabase.cards.map(
        (card) => (card["dataset_query"] as { readonly native: { readonly query: string } }).native.query,
      );
      expect(questions.length).toBeGreaterThan(4);
      for (const each of roles) {
        const results = await answers(each, questions);
        expect(results[1]?.rows).toEqual([{ entries: "1" }]);
        // What a chart shows is a column of the answer.
        for (const [index, card] of metabase.cards.entries()) {
          const settings = card["visualization_settings"] as Readonly<Record<string, unknown>>;
          const shown = [settings["graph.dimensions"], settings["graph.metrics"]]
            .flat()
            .filter((one) => one !== undefined);
          expect(results[index]?.fields.map((field) => field.name)).toEqual(expect.arrayContaining(shown));
        }
      }
      await expect(
        run(process.execPath, [script], { env: { ...env, METABASE_API_KEY: "wrong" } }),
      ).rejects.toThrow(/401/);
    } finally {
      await metabase.close();
    }
  });
});
