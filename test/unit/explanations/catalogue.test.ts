// Every code that the program can show to anybody is explained, in both languages, in words that people understand. The
// codes are gathered from the source and the migrations, not from the catalogue.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explain, explainAll, explainedCodes, similarCodes } from "../../../src/explanations/catalogue.ts";
import { areas } from "../../../src/explanations/explanation.ts";
import { isWarning } from "../../../src/explanations/configuration-problems.ts";
import { languages, responsibles, safeties, safetyAnswer } from "../../../src/domain/errors/explained.ts";

const root = join(import.meta.dirname, "../../..");
const everything = languages.flatMap((language) =>
  explainAll(language).map((explanation) => ({ ...explanation, language })),
);
const codes = areas.flatMap((area) => Object.keys(explainedCodes[area]));

interface Gathered {
  readonly of: string;
  readonly folders: readonly string[];
  readonly pattern: RegExp;
  /** So many there are at least; otherwise the pattern has gone blind. */
  readonly least: number;
}

const gathered: readonly Gathered[] = [
  {
    of: "warnings and errors of the log",
    folders: ["src"],
    pattern: /\blog\(\s*"(?:warn|error)",\s*"(\w+)"/g,
    least: 35,
  },
  {
    of: "answers of HTTP",
    folders: ["src/http", "src/intake", "src/api.ts"],
    pattern:
      /(?:\brefuse\(\s*|\blater\(\s*|problem: |tryLater\(|\bcode: |sendProblem\(\s*request,\s*reply,\s*|failure\()"([a-z_]+)"/g,
    least: 50,
  },
  {
    of: "refused payloads",
    folders: ["src/intake", "src/bodies", "src/spool"],
    pattern:
      /"((?:json|form|multipart)_[a-z_]+|body_(?:empty|not_[a-z_]+)|schema_violation|schema_check_stopped)"/g,
    least: 10,
  },
  {
    of: "failed deliveries",
    folders: ["src/delivery", "src/domain/destinations/outcome.ts"],
    // What was not sent because nobody wanted it is no failure.
    pattern: /"((?:destination|delivery)_(?!skipped")[a-z_]+)"/g,
    least: 10,
  },
  {
    of: "entries that the ledger makes",
    folders: ["src/ledger"],
    pattern: /Code(?:: \w+)? = "([a-z_]+)"/g,
    least: 3,
  },
  {
    of: "what an operation leaves alone",
    folders: ["src/ledger/operations/operation-batches.ts", "src/operations/treat-items.ts"],
    pattern: /(?:^ +[?:]|const \w+(?:: \w+)? =|\?|:) "([a-z]+_[a-z_]+)"(?:;|$)/gm,
    least: 4,
  },
  {
    of: "problems of the configuration",
    folders: ["src/config"],
    pattern: /\bcode: "([a-z_]+)"/g,
    least: 70,
  },
  {
    of: "starts that fail",
    folders: ["src/runtime", "src/ledger", "src/spool"],
    pattern: /(?:\b\w+Error\(\s*|^ {4}code: )"([a-z_]+)",/gm,
    least: 20,
  },
  {
    of: "alarms of the overview",
    folders: ["src/ledger/figures/alarms.ts"],
    pattern: /\bcode: "([a-z_]+)"/g,
    least: 8,
  },
  {
    of: "tasks in the background",
    folders: ["src/node", "src/runtime"],
    pattern: /\b(?:every|untilDone)\("(\w+)"/g,
    least: 17,
  },
  {
    of: "rules of the ledger",
    folders: ["sql"],
    pattern: /ERRCODE = '(LL\d{3})'/g,
    least: 6,
  },
];

describe("the catalogue of codes", () => {
  it.each(gathered)("explains $of", ({ folders, pattern, least }) => {
    const found = new Set(
      folders.flatMap(texts).flatMap((text) => [...text.matchAll(pattern)].map(([, code]) => code ?? "")),
    );
    expect(found.size).toBeGreaterThanOrEqual(least);
    expect([...found].filter((code) => explain(code, "en") === null)).toEqual([]);
  });

  it("has every code once", () => {
    expect(codes.toSorted()).toEqual([...new Set(codes)].toSorted());
  });

  it("has no code that nothing in the program bears", () => {
    const program = ["src", "sql"]
      .flatMap((folder) => files(folder))
      .filter((path) => !/src\/(explanations|domain\/[a-z]+-errors\.ts|domain\/failure-texts\.ts)/.test(path))
      .map((path) => readFileSync(join(root, path), "utf8"))
      .join("\n");
    const borne = new Set(
      [...program.matchAll(/["'](\w+)["']|^ {2}(\w+)[?:]/gm)].map((match) => match[1] ?? match[2]),
    );
    expect(codes.filter((code) => !borne.has(code))).toEqual([]);
  });

  it("knows the warnings of the configuration from its mistakes", () => {
    const text = [...texts("src/config"), ...texts("src/kinds")].join("\n");
    const warned = [...text.matchAll(/note\("warnings",[^{]*\{\s*code: "(\w+)"/g)].map(
      ([, code]) => code ?? "",
    );
    const known = Object.keys(explainedCodes.configuration).filter((code) => isWarning(code as never));
    const noted = [...warned, "ca_file_unusable", "open_intake_on", "secrets_expired", "nobody_sends_there"];
    expect(known.toSorted()).toEqual([...new Set(noted)].toSorted());
  });

  it("says nothing about a code that there is not", () => {
    expect(["", "toString", "destination", "LL099"].map((code) => explain(code, "de"))).toEqual([
      ...[null, null, null, null],
    ]);
  });

  it.each([
    ["destination_aut", "destination_auth"],
    ["Destination-Auth", "destination_auth"],
    ["dns", "destination_dns"],
    ["ll001", "LL001"],
    ["credentials_worng", "credentials_wrong"],
  ])("takes %s for %s", (typed, meant) => {
    expect(similarCodes(typed)).toContain(meant);
  });

  it("suggests nothing where nothing is similar", () => {
    expect(similarCodes("zzzzzzzzzzz")).toEqual([]);
  });
});

describe("what people read about a code", () => {
  it.each(everything)("$code ($language) answers all four questions", (explanation) => {
    const { title, what_happened, lead_safe, what_to_do, who } = explanation;
    expect(title).toMatch(/^\S.{4,130}[^.\s]$/u);
    for (const text of [what_happened, lead_safe, what_to_do]) expect(text).toMatch(/^[\p{Lu}`].{6,600}$/u);
    expect(what_to_do).toMatch(/[.?!]$/);
    expect(lead_safe).toMatch(/^(Yes|No|That is not certain|Ja|Nein|Das ist ungewiss)\. \S/);
    expect(who).not.toBe("");
  });

  it.each(codes)("%s is told differently in the two languages", (code) => {
    const [en, de] = [explain(code, "en"), explain(code, "de")];
    for (const member of ["title", "what_happened", "lead_safe", "what_to_do", "who"] as const)
      expect(de?.[member]).not.toBe(en?.[member]);
  });

  const german = everything.filter(({ language }) => language === "de");

  it.each(german)(
    "$code is German, without the technical words of API, command line and SQL",
    (explanation) => {
      const { title, what_happened, lead_safe, what_to_do, who } = explanation;
      // Messages about the configuration are for whoever writes that file: they are its own examples.
      const happened = explanation.area === "configuration" ? "" : what_happened;
      const said = [title, happened, lead_safe, what_to_do, who].map(withoutNames).join(" ");
      expect(said.match(technical) ?? []).toEqual([]);
      expect(`${said} ${what_happened}`.match(withoutUmlauts) ?? []).toEqual([]);
    },
  );

  it("is short: no sentence has more than 35 words", () => {
    const long = everything.flatMap(({ code, language, what_happened, lead_safe, what_to_do, area }) =>
      [...(area === "configuration" ? [] : [what_happened]), lead_safe, what_to_do]
        .flatMap((text) => text.split(/(?<=[.?!:;])\s/))
        .filter((sentence) => sentence.split(" ").length > 35)
        .map((sentence) => `${code} (${language}): ${sentence}`),
    );
    expect(long).toEqual([]);
  });

  it("names whoever is responsible, and whether the lead is safe, in a way of its own for each", () => {
    for (const language of languages) {
      const who = Object.values(responsibles).map((texts) => texts[language]);
      const safe = Object.keys(safeties).map((each) => safetyAnswer(each as keyof typeof safeties, language));
      for (const said of [who, safe]) expect(new Set(said).size).toBe(said.length);
    }
  });
});

const technical =
  /\b(?:accepted|audit|body|credentials|dead|delivery|destinations?|dlq|endpoint|entry|event|intake|lease|ledger|node|payload|queue|redrive|refused|reject|replay|request|resolved|retry|runs?|secrets?|sources?|spool|timeout|webhook|worker)\b/gi;

/** Words that people write so where the keyboard has no umlauts. */
const withoutUmlauts =
  /\w*(?:fuer|ueber|koenn|muess|wuerd|waer|naech|moegl|zurueck|loesch|aender|schluessel|spaet|plaetz|pruef|gueltig|groess|strasse|gehoer|laeuft|haelt|aehnl|oeffn|unloesb|taeglich)\w*/gi;

/** Names that are spelled so everywhere: code, variables, headers, paths, commands. */
function withoutNames(text: string): string {
  return text
    .replaceAll(/`[^`]*`/g, "")
    .replaceAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g, "")
    .replaceAll(/\b[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)+\b/g, "")
    .replaceAll(/\/[a-z][\w/{}-]*/g, "")
    .replaceAll(/\bleadledger [a-z]+(?: [a-z-]+)?/g, "");
}

function files(place: string): string[] {
  if (place.endsWith(".ts")) return [place];
  return readdirSync(join(root, place), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:ts|sql)$/.test(name))
    .map((name) => join(place, name));
}

function texts(place: string): string[] {
  return files(place).map((path) => readFileSync(join(root, path), "utf8"));
}
