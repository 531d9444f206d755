// What stands in sql/ is whole: every function, trigger and view once, in files that are listed, under a version that
// somebody raised when they changed it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { definedIn, readSqlFiles, sqlFolder } from "../../src/ledger/sql-in-force.ts";

const files = await readSqlFiles(sqlFolder);
const text = files.files.map((file) => file.text).join("\n");
const manifest = JSON.parse(readFileSync(join(sqlFolder, "manifest.json"), "utf8")) as Record<
  string,
  unknown
>;

describe("sql/", () => {
  it("is numbered anew when it changes: raise `version` in manifest.json, and note the digest", () => {
    expect(files.digest).toBe(manifest["digest"]);
    expect(files.olderNodesGoOnSince).toBeLessThanOrEqual(files.version);
  });

  it("has no file that is not applied", () => {
    const there = readdirSync(sqlFolder).filter((name) => name.endsWith(".sql"));
    expect(files.files.map(({ name }) => name).toSorted()).toEqual(there.toSorted());
  });

  it("says at the head of each file what it is for", () => {
    expect(files.files.filter((file) => !file.text.startsWith("-- ")).map(({ name }) => name)).toEqual([]);
  });

  it("defines everything once, in a form that can be applied again", () => {
    const { functions, triggers, views } = definedIn(text);
    const names = [...functions, ...triggers, ...views];
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(functions.length).toBeGreaterThan(50);
    expect(triggers.length).toBeGreaterThan(30);
    expect(
      // A constraint trigger cannot be replaced; it is made where there is none.
      [...text.matchAll(/\bCREATE (?!OR REPLACE |INDEX IF NOT EXISTS |CONSTRAINT TRIGGER )\w+/g)].map(
        ([found]) => found,
      ),
    ).toEqual([]);
  });

  it("names tables and functions with their schema, whatever the search_path is", () => {
    const code = text.replaceAll(/--.*$/gm, "");
    const tables =
      "runs|audit_events|dlq|kpi_daily|deliveries|settings|sources|destinations|kpi_deltas|dlq_causes";
    const found =
      code.match(new RegExp(`\\b(?:FROM|JOIN|INTO|UPDATE|TABLE|USING|ON) (?:${tables})\\b`, "g")) ?? [];
    const { functions } = definedIn(text);
    const calls = code.match(new RegExp(`(?<![.\\w])(?:${functions.join("|")})\\(`, "g")) ?? [];
    expect([...found, ...calls]).toEqual([]);
  });
});

describe("migrations/", () => {
  it("leave functions, triggers and views to sql/", () => {
    const folder = join(sqlFolder, "../migrations");
    const defining = readdirSync(folder).filter((name) =>
      /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE|TRIGGER|VIEW)/m.test(
        readFileSync(join(folder, name), "utf8"),
      ),
    );
    expect(defining).toEqual([]);
  });
});
