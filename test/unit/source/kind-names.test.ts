// The lint rule that keeps names of kinds in their folders: what it finds, and what it leaves alone.
import { Linter } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { kindNames, kindsIn } from "../../../lint/kind-names.js";

const kinds = { destinations: ["http", "external", "hubspot", "teams"], sources: ["events", "form"] };

function found(code: string, filename = "src/delivery/destinations/x.ts"): number {
  const linter = new Linter({ configType: "flat" });
  const messages = linter.verify(
    code,
    [
      {
        files: ["**/*.ts"],
        languageOptions: { parser: tseslint.parser },
        plugins: { own: { rules: { "kind-names": kindNames } } },
        rules: { "own/kind-names": ["error", kinds] },
      },
    ],
    filename,
  );
  expect(messages.filter(({ fatal }) => fatal === true)).toEqual([]);
  return messages.length;
}

describe("A kind's name outside of its folder", () => {
  it.each([
    'if (destination.kind === "http") send();',
    'if ("http" !== destination?.kind) skip();',
    'switch (kind) { case "http": send(); }',
    'const entry = { kind: "http", url };',
    'interface Item { readonly kind: "http" | "other"; }',
    'const kinds = ["http", "other"];',
    'const preset = { kind: options.kind ?? "http" };',
    'if (sendingKinds.includes("http")) send();',
    'const shape = { kind: Type.Literal("http") };',
    'if (state === "external") return;',
    "const word = `hubspot`;",
    'const senders = { a: of("hubspot") };',
  ])("is found in %s", (code) => {
    expect(found(code)).toBe(1);
  });

  it.each([
    'const scheme: "http" | "https" = secure ? "https" : "http";',
    'if (protocol === "http") redirect();',
    'import { createServer } from "node:http";',
    'const areas = ["http", "log"];',
    'const scheme = { type: "http", scheme: "bearer" };',
    "const text = `kind: http`;",
    'const message = "an external worker";',
    'if (kind === "delivery") retry();',
  ])("is not what %s says", (code) => {
    expect(found(code)).toBe(0);
  });

  it.each([
    'return { kind: "lead", format: "form", json };',
    'type Format = "json" | "form";',
    'type Told = { readonly kind: "events"; readonly events: readonly string[] } | { readonly kind: "many" };',
    'return { kind: "events", events };',
    'if (told.kind === "events") send();',
    'const lane = row.kind === "hubspot";',
  ])("is another union's word in a file that has nothing to do with kinds: %s", (code) => {
    expect(found(`function f() { ${code} }`, "src/http/x.ts")).toBe(0);
  });

  it.each([
    'if (destination.kind === "teams") send();',
    'if (entry.auth.kind === "events") read();',
    'const destination = { kind: "hubspot" };',
    'if (sendingKinds.includes("teams")) send();',
    'interface FormSource { readonly kind: "form"; }',
  ])("is found there where its owner is named: %s", (code) => {
    expect(found(code, "src/http/x.ts")).toBe(1);
  });

  it("is found in a file that imports from where kinds are declared", () => {
    const code = 'import { declaredOf } from "../config/declared-kind.ts"; const made = { kind: "events" };';
    expect(found(code, "src/http/x.ts")).toBe(1);
  });

  it("may be said in its folder, and in no other kind's", () => {
    const code = 'export const kind = destinationKind({ kind: "http" });';
    expect(found(code, "src/kinds/destinations/http/kind.ts")).toBe(0);
    expect(found(code, "src/kinds/destinations/hubspot/kind.ts")).toBe(1);
  });

  it("is looked for by the names of the folders", () => {
    expect(kindsIn(join(import.meta.dirname, "../../..")).destinations).toEqual(
      expect.arrayContaining(["external", "http"]),
    );
  });
});
