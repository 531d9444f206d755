// What the command line says of kinds: their options, where destinations send to, how sources recognise duplicates.
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import type { Language, Texts } from "../../../src/cli/frame/language.ts";
import { createTerminal } from "../../../src/cli/frame/terminal.ts";
import { createProgram } from "../../../src/cli/program.ts";
import { addressOf } from "../../../src/cli/sources-and-destinations/field-output.ts";
import { keyText, personText } from "../../../src/cli/sources-and-destinations/source-words.ts";
import { text } from "../../../src/config/fields/plain-fields.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { lines } from "../../support/lines-kind.ts";
import { portal } from "../../support/portal-source.ts";

const kinds = {
  sources: [...builtInKinds.sources, portal],
  destinations: [...builtInKinds.destinations, lines],
};

describe("The options of sources and destinations", () => {
  it.each(["add", "change"])("of `destination %s` name every kind in words", (command) => {
    expect(textOf(`destination ${command}`, "--kind", "en")).toMatch(
      /^http: HTTP \(webhook\); .*external: A program of your own; .*lines: Lines over TCP.* \(add: http\)$/,
    );
    expect(textOf(`destination ${command}`, "--kind", "de")).toContain("external: Eigenes Programm");
  });

  it("of sources name every kind in words, and the one that is usual", () => {
    expect(textOf("source add", "--auth", "en")).toMatch(/token: Token; .*hmac: .* \(add: token\)$/);
    expect(textOf("source add", "--kind", "de")).toContain("portal: Portal");
  });

  it("say which secret the environment variable holds", () => {
    expect(textOf("destination add", "--password-env", "en")).toBe(
      "Password; from this environment variable",
    );
    expect(textOf("destination add", "--password-env", "de")).toBe("Passwort; aus dieser Umgebungsvariablen");
  });
});

describe("A destination's address in lists", () => {
  const texts = { label: { en: "x", de: "x" }, help: { en: "x", de: "x" } };

  it("is the field that is declared as one, not whatever text comes first", () => {
    const declared = { ...lines, fields: { team: text("team", texts), ...lines.fields } };
    expect(addressOf([declared], { kind: "lines", team: "inbound", host: "crm.example:9000" })).toBe(
      "crm.example:9000",
    );
    expect(addressOf(kinds.destinations, { kind: "http", origin: "https://crm.example" })).toBe(
      "https://crm.example",
    );
  });

  it("is empty where nothing is sent", () => {
    expect(addressOf(kinds.destinations, { kind: "external" })).toBeNull();
  });
});

it.each([
  [null, "header Idempotency-Key, required", "Header Idempotency-Key, Pflicht"],
  [{ pointer: "/id" }, "/id in the lead", "/id im Lead"],
  [{ body_hash: "10m" }, "the same content within 10m", "gleicher Inhalt binnen 10m"],
  [
    { header: "preferred", body_hash: "10m" },
    "header Idempotency-Key, else the same content within 10m",
    "Header Idempotency-Key, sonst gleicher Inhalt binnen 10m",
  ],
])("the key rule %j is shown in words", (key, en, de) => {
  expect(keyText(key)).toEqual({ en, de });
});

it("pointers to a person are shown by what they point to", () => {
  expect(personText({ email: "/mail", phone: null })).toEqual({ en: "e-mail /mail", de: "E-Mail /mail" });
});

function textOf(path: string, flag: string, language: Language): string | undefined {
  const stream = { write: () => true };
  let command: Command | undefined = createProgram({
    language,
    env: {},
    actor: "cli:anna",
    kinds,
    terminal: createTerminal(stream, stream, {}),
    say: (texts: Texts) => texts[language],
    finish: () => undefined,
  });
  for (const name of path.split(" ")) command = command?.commands.find((each) => each.name() === name);
  return command?.options.find(({ long }) => long === flag)?.description;
}
