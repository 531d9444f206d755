// Whatever narrows a list of the API is an option of the command that shows the list.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command, Option } from "commander";
import { describe, expect, it } from "vitest";
import { apiRoutes } from "../../../src/api.ts";
import type { Language, Texts } from "../../../src/cli/frame/language.ts";
import { createTerminal } from "../../../src/cli/frame/terminal.ts";
import { createProgram } from "../../../src/cli/program.ts";
import { dlqFilterMembers } from "../../../src/http/api/attention/dlq-filter.ts";
import { runFilterMembers } from "../../../src/http/api/leads/run-filter.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";

/** null: the command line has no such list. */
const commandOf: Readonly<Record<string, string | null>> = {
  "/runs": "runs list",
  "/dlq": "dlq list",
  "/quarantine": "quarantine list",
  "/audit-events": "audit list",
  "/operations": "operation list",
  "/sources": "source list",
  "/destinations": "destination list",
  "/alerts": "alerts list",
  "/users": "user list",
  "/api-keys": "api-key list",
  "/kpi/daily": "kpi show",
  "/sla/:name/days": "sla show",
  "/kpi/sources": null,
  "/kpi/hourly": "kpi hourly",
  "/kpi/hourly/destinations": "kpi hourly",
};

/** What commands about many do goes by the filter of a list; other options have some of its names there. */
const ordered = {
  "runs tail": { members: runFilterMembers, others: {} },
  "runs replay": {
    members: runFilterMembers,
    others: { received_from: "received-from", received_to: "received-to" },
  },
  "dlq retry": { members: dlqFilterMembers, others: { reason: "entry-reason" } },
  "dlq resolve": { members: dlqFilterMembers, others: { reason: "entry-reason" } },
  "dlq dead": { members: dlqFilterMembers, others: { reason: "entry-reason" } },
} as const;

/** Of a list's query. */
const narrowingNothing: ReadonlySet<string> = new Set(["cursor", "limit", "names"]);

describe("The options of commands", () => {
  // Nothing is called, so nothing behind it is needed.
  const routes = apiRoutes({ installation: { keys: { subkey: () => randomBytes(32) } } as never });
  const lists = routes.flatMap(({ method, path, query }) => {
    const members = Object.keys((query as { properties?: object } | undefined)?.properties ?? {});
    return method === "GET" && members.includes("cursor")
      ? [{ path, filters: members.filter((name) => !narrowingNothing.has(name)) }]
      : [];
  });

  it("hold every filter of every list", () => {
    expect(lists.map(({ path }) => path).toSorted()).toEqual(Object.keys(commandOf).toSorted());
    for (const { path, filters } of lists) {
      const command = commandOf[path];
      if (command == null) continue;
      expect(flagsOf(command), command).toEqual(expect.arrayContaining(filters.map(flagOf)));
    }
  });

  it("hold every filter of every export", () => {
    const exported = routes.filter(({ path }) => path.startsWith("/exports/"));
    expect(exported.length).toBeGreaterThan(3);
    for (const { path, query } of exported) {
      const members = Object.keys((query as { properties: object }).properties);
      const filters = members.filter((name) => !["format", "excel"].includes(name));
      const what = path === "/exports/audit-events" ? "audit" : path.slice("/exports/".length);
      expect(flagsOf(`export ${what}`), path).toEqual(expect.arrayContaining(filters.map(flagOf)));
    }
  });

  it("stand in the documentation, in both languages", async () => {
    for (const language of ["en", "de"]) {
      const page = await readFile(
        join(import.meta.dirname, `../../../docs/${language}/command-line.md`),
        "utf8",
      );
      for (const { path, filters } of lists) {
        const command = commandOf[path];
        if (command == null || filters.length === 0) continue;
        const row = page.split("\n").find((line) => line.startsWith("|") && isRowOf(command, line, filters));
        expect(row, `${language}: ${command}`).toBeDefined();
      }
    }
  });

  it("hold them too where many leads or entries are treated at once", () => {
    for (const [command, { members, others }] of Object.entries(ordered)) {
      const flags = Object.keys(members).map((name) =>
        flagOf((others as Record<string, string>)[name] ?? name),
      );
      expect(flagsOf(command), command).toEqual(expect.arrayContaining(flags));
    }
  });

  it("keep their short names", () => {
    expect(flagsOf("runs list")).toEqual(expect.arrayContaining(["--code", "--message", "--from", "--to"]));
    expect(flagsOf("dlq retry")).toEqual(expect.arrayContaining(["--code", "--from", "--to"]));
    expect(flagsOf("runs replay")).toEqual(expect.arrayContaining(["--received-from", "--received-to"]));
  });

  it("say in both languages what they narrow to", () => {
    const [english, german] = [optionsOf("runs list", "en"), optionsOf("runs list", "de")];
    const said = english.filter(({ long }) => flagOfMember.has(long ?? ""));
    for (const [index, option] of english.entries())
      if (said.includes(option)) expect(german[index]?.description).not.toBe(option.description);
  });
});

function isRowOf(command: string, line: string, filters: readonly string[]): boolean {
  return line.includes(`\`${command}\``) && filters.every((name) => line.includes(`\`${flagOf(name)}\``));
}

const flagOfMember = new Set(Object.keys(runFilterMembers).map(flagOf));

function flagOf(name: string): string {
  return `--${name.replaceAll("_", "-")}`;
}

function flagsOf(command: string): readonly string[] {
  return optionsOf(command).flatMap(({ short, long }) => [short, long].filter((flag) => flag != null));
}

function optionsOf(path: string, language: Language = "en"): readonly Option[] {
  const stream = { write: () => true };
  let command: Command | undefined = createProgram({
    language,
    env: {},
    actor: "cli:anna",
    kinds: builtInKinds,
    terminal: createTerminal(stream, stream, {}),
    say: (texts: Texts) => texts[language],
    finish: () => undefined,
  });
  for (const name of path.split(" ")) command = command?.commands.find((each) => each.name() === name);
  if (command === undefined) throw new Error(`no command ${path}`);
  return command.options;
}
