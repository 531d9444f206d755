// Leads found by a name: behind intake, after corrections, and those from before names were looked for.
import { beforeAll, describe, expect, it } from "vitest";
import { testRootKeyHex, testSource } from "../../support/app.ts";
import { indexNames } from "../../../src/ledger/leads/name-hashes.ts";
import { apiClient } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { useCommandLine } from "../../support/command-line.ts";
import { open } from "../../support/ledger.ts";
import { until } from "../../support/until.ts";
import { postLead } from "../../support/webhook-client.ts";

describe("A crowd of leads", () => {
  const never = 3_600_000;
  const scene = useApiScene(() => ({ sources: [testSource("website", { to: [] })] }), {
    intervals: { personNamesMs: never },
  });

  it("is found by name after some turns over a few each, none left out and none twice", async () => {
    for (const key of ["a", "b", "c", "d", "e"])
      await postLead(scene.app.url, { path: "/webhook/lead/website", key, body: { name: `Anna ${key}` } });
    const database = open(scene.database.url);
    const hash = Buffer.alloc(16);
    const turn = () =>
      indexNames(
        database,
        () => Promise.resolve(),
        () => Promise.resolve(() => [{ kind: "last_name", hash }]),
        2,
      );
    const turns: string[] = [];
    await until("all are done", async () => {
      turns.push(await turn());
      return (await scene.query("SELECT FROM internal.person_name_hashes")).length === 5;
    });
    expect(turns.slice(0, -1)).toContain("behind");
    expect(await turn()).toBe("done");
    const [rows] = await scene.query("SELECT count(DISTINCT run_id)::int FROM internal.person_name_hashes");
    expect(rows).toEqual({ count: 5 });
    await database.close();
  });
});

describe("A lead", () => {
  const scene = useApiScene(() => ({ sources: [testSource("website", { to: [] })] }), {
    intervals: { personNamesMs: 100 },
  });
  const commandLine = useCommandLine();
  const ids: string[] = [];
  beforeAll(async () => {
    for (const [key, name] of ["Jörg Weiß", "Anna von Berg", "Weiss, Joerg"].entries()) {
      const lead = {
        path: "/webhook/lead/website",
        key: String(key),
        body: { name, email: `p${key}@example.de` },
      };
      ids.push(String((await postLead(scene.app.url, lead)).json["run_id"]));
    }
    await until(
      "all names are known",
      async () => (await found("Berg")).length === 1 && (await found("Weiss")).length === 2,
    );
  });
  const found = async (name: string): Promise<string[]> =>
    (
      (await scene.api.get(`/runs?name=${encodeURIComponent(name)}`)).json["items"] as { run_id: string }[]
    ).map(({ run_id: id }) => id);

  it("is found by last name and by full name, however they are written", async () => {
    expect(await found("weiß")).toEqual([ids[2], ids[0]]);
    expect(await found("Herr Jörg Weiss")).toEqual([ids[2], ids[0]]);
    expect(await found("von Berg, Anna")).toEqual([ids[1]]);
    expect(await found("Jörg")).toEqual([]);
  });

  it("is found on the command line, and by whoever may see persons alone", async () => {
    commandLine.env = { DATABASE_URL: scene.database.url, LEADLEDGER_KEY: testRootKeyHex };
    expect(await commandLine.json("runs", "list", "--name", "Berg")).toMatchObject({
      items: [{ run_id: ids[1] }],
    });
    const { key } = (await scene.api.post("/api-keys", { name: "viewer", role: "viewer" })).json;
    expect(await apiClient(scene.app.url, String(key)).get("/runs?name=Berg")).toMatchObject({ status: 403 });
    expect(await scene.api.get("/runs?name=...")).toMatchObject({
      status: 400,
      json: { code: "request_invalid" },
    });
  });

  it("from before is found once names are made comparable in another way, and none is kept twice", async () => {
    const rows = () => scene.query("SELECT * FROM internal.person_name_hashes ORDER BY run_id, hash");
    const before = await rows();
    await scene.query("UPDATE internal.person_name_hashes SET version = 0");
    await scene.query(
      `UPDATE internal.settings SET value = value || '{"version": 0}' WHERE name = 'person_names'`,
    );
    const isAsBefore = async (): Promise<boolean> => JSON.stringify(await rows()) === JSON.stringify(before);
    await until("all are done afresh", isAsBefore, 100_000);
    expect(await found("Berg")).toEqual([ids[1]]);
  });

  it("stands among the hashes of persons, and the log, the settings and the filter of an operation hold no name", async () => {
    const kinds = await scene.query(
      "SELECT kind, count(*)::int FROM internal.person_hashes WHERE run_id = $1 GROUP BY kind ORDER BY kind",
      [ids[0]],
    );
    expect(kinds).toEqual([
      { kind: "email", count: 1 },
      { kind: "full_name", count: 1 },
      { kind: "last_name", count: 1 },
    ]);
  });
});
