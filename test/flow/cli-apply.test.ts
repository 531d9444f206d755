// What the file no longer says: an empty or cut-off leadledger.yaml switches nothing off by accident, and what was taken
// over from it stays taken over.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { serve, useCommandLine } from "../support/command-line.ts";

const commandLine = useCommandLine();

const sources = `sources:
  web: { auth: { kind: token, secret: a-secret-of-the-web } }
`;
const destinations = `destinations:
  crm: { kind: external }
  erp: { kind: external }
`;
const [whole, cutOff, oneLess] = [
  `timezone: America/New_York\n${sources}${destinations}`,
  `timezone: Asia/Tokyo\n${sources}destinations:\n`,
  `${sources}destinations: { crm: { kind: external } }\n`,
];

describe("leadledger.yaml", () => {
  it("that is empty, cut off or shorter needs a yes for what it would switch off, and changes nothing without", async () => {
    await serving(whole);
    for (const [text, names] of [
      ["", ["crm", "erp", "web"]],
      ["# all comments\n", ["crm", "erp", "web"]],
      [cutOff, ["crm", "erp"]],
      [oneLess, ["erp"]],
      ["sources: {}\ndestinations: {}\n", ["crm", "erp", "web"]],
    ] as const) {
      await file(text);
      const { code, stdout } = await commandLine.run("apply", "--json");
      const { applied, needs_yes } = JSON.parse(stdout) as {
        applied: boolean;
        needs_yes: { name: string }[];
      };
      expect([text, code, applied, needs_yes.map(({ name }) => name).toSorted()]).toEqual([
        text,
        3,
        false,
        names,
      ]);
    }
    const said = await commandLine.run("--lang", "de", "apply");
    expect(said).toMatchObject({ code: 3, stdout: "" });
    expect(said.stderr).toContain("- Quelle web");
    expect(said.stderr).toContain("leadledger apply --yes");
    expect(await enabled()).toEqual(["crm", "erp", "web"]);
    // Nothing of such a file is applied, the time zone neither.
    expect(await commandLine.json("settings", "show")).toMatchObject({ timezone: "America/New_York" });
    const doctor = await commandLine.run("doctor");
    expect(doctor.stdout).toMatch(/no longer names these[^]*crm, erp, web/);

    await file(oneLess);
    await commandLine.json("apply", "--yes");
    expect(await enabled()).toEqual(["crm", "web"]);
    // A file that names no zone leaves the installation its own, and others may change it.
    expect(await commandLine.json("settings", "show")).toMatchObject({
      timezone: "America/New_York",
      timezone_managed_by: "api",
    });
  });

  it("that lacks a section at the start is refused and the last known stays, unless it is written {}", async () => {
    const started = async (text: string): Promise<readonly [string[], string]> => {
      const { banner, child, finished } = await serving(text);
      child.kill("SIGTERM");
      await finished;
      return [[...banner.destinations, ...banner.sources], banner.warnings.join(" ")];
    };
    expect(await started(whole)).toEqual([["crm", "erp", "web"], ""]);
    for (const text of ["", cutOff]) {
      const [names, warnings] = await started(text);
      expect([text, names]).toEqual([text, ["crm", "erp", "web"]]);
      expect(warnings).toMatch(/was not applied[^]*crm, erp[^]*configuration_refused/);
    }
    expect(await started(oneLess)).toEqual([["crm", "web"], ""]);
    expect((await started(`${sources}destinations: {}\n`))[0]).toEqual(["web"]);
  });
});

describe("what was taken over from the file", () => {
  it("is changed here, its entry in the file passed over with a warning until the file has been applied without it", async () => {
    const both = `${sources}${destinations}`.replace(" } }", " }, to: [crm] }");
    await serving(both);
    const refused = await commandLine.run("destination", "pause", "crm");
    expect(refused.stderr).toContain("take-over");
    expect(await commandLine.json("destination", "take-over", "crm")).toMatchObject({ managed_by: "api" });
    await commandLine.json("destination", "pause", "crm");

    const { changes, taken_over } = JSON.parse((await commandLine.run("apply", "--json")).stdout) as {
      changes: unknown;
      taken_over: unknown;
    };
    expect([changes, taken_over]).toEqual([[], [{ part: "destination", name: "crm" }]]);
    expect((await commandLine.run("doctor")).stdout).toContain("taken over into the dashboard");
    expect(await commandLine.json("destination", "show", "crm")).toMatchObject({ paused: true });

    // The file's sources may still send to it when its entry is gone.
    await file(both.replace("  crm: { kind: external }\n", ""));
    expect(await commandLine.json("apply")).toMatchObject({ changes: [], taken_over: [] });
    await file(both.replace("[crm]", "[crn]").replace("  crm: { kind: external }\n", ""));
    const mistyped = await commandLine.run("apply");
    expect(mistyped.code).toBe(2);
    expect(mistyped.stderr).toContain('"crm"');
    await file(both);
    expect(await commandLine.json("apply")).toMatchObject({ changes: [{ name: "crm", change: "changed" }] });
    const { items } = await commandLine.json<{ items: { payload: { name: string; change: string } }[] }>(
      ...["audit", "list", "--type", "configuration_changed"],
    );
    expect(items.map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ name: "crm", change: "taken_over" }),
    );
  });
});

describe("a time zone that PostgreSQL does not know, or reads otherwise", () => {
  it("is refused by the first start and by apply, names the one that is meant, and later stops nothing", async () => {
    const zoned = (zone: string): string => `timezone: ${zone}\n${sources}${destinations}`;
    commandLine.env = { PORT: "0" };
    await file(zoned("europe/berlin"));
    const first = await commandLine.run("serve");
    expect(first).toMatchObject({ code: 2, stderr: expect.stringContaining('"Europe/Berlin"') as string });

    const before = await serving(zoned("Europe/Vienna"));
    before.child.kill("SIGTERM");
    await before.finished;
    const { banner } = await serving(zoned("CET"));
    expect(banner.warnings.join(" ")).toMatch(/CET[^]*"Europe\/Berlin"[^]*\[timezone_read_differently\]/);
    expect(banner.sources).toEqual(["web"]);
    for (const arguments_ of [["apply"], ["apply", "--dry-run"]])
      expect(await commandLine.run("--lang", "de", ...arguments_)).toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringContaining("Meinten Sie „Europe/Berlin“?") as string,
      });
    const doctor = await commandLine.run("doctor", "--json");
    const { checks } = JSON.parse(doctor.stdout) as { checks: { check: string; status: string }[] };
    expect(checks).toContainEqual(expect.objectContaining({ check: "timezone", status: "fail" }));
    expect(await commandLine.json("settings", "show")).toMatchObject({ timezone: "Europe/Vienna" });

    await file(zoned("Europe/Berlin"));
    expect(await commandLine.json("apply")).toMatchObject({
      timezone: { from: "Europe/Vienna", to: "Europe/Berlin" },
    });
  });
});

describe("a source whose only secret has expired", () => {
  it("is pointed out by apply and doctor, with the place where a new one is entered", async () => {
    await serving(
      "sources: { web: { auth: { kind: token, secrets: [{ value: a-secret-of-the-web, not_after: 2026-01-31 }] } } }",
    );
    const applied = await commandLine.run("apply");
    expect([applied.code, applied.stderr]).toEqual([0, expect.stringContaining("[secrets_expired]")]);
    const doctor = await commandLine.run("doctor", "--json");
    const { checks } = JSON.parse(doctor.stdout) as { checks: { status: string; advice?: string }[] };
    const [failed, ...others] = checks.filter(({ status }) => status === "fail");
    expect([failed?.advice, others]).toEqual([expect.stringContaining("leadledger.yaml"), []]);

    await commandLine.json("source", "take-over", "web");
    const again = await commandLine.run("doctor", "--json");
    expect(again.stdout).toContain("leadledger source rotate-secret web");
  });
});

/** With the database running, commands do not start one for themselves. */
async function serving(text: string): ReturnType<typeof serve> {
  commandLine.env = { PORT: "0" };
  await file(text);
  return serve(commandLine);
}

async function file(text: string): Promise<void> {
  await writeFile(join(commandLine.folder, "leadledger.yaml"), text);
}

async function enabled(): Promise<string[]> {
  const names: string[] = [];
  for (const part of ["destination", "source"]) {
    const { items } = await commandLine.json<{ items: { name: string }[] }>(part, "list");
    names.push(...items.map(({ name }) => name));
  }
  return names;
}
