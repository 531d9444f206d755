// A kind of source that is named at the wrong place of its entry is said with where it stands.
import { expect, it } from "vitest";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { portal } from "../../support/portal-source.ts";

const kinds = { ...builtInKinds, sources: [...builtInKinds.sources, portal] };

it.each([
  ["{ kind: token }", "shop: { auth: { kind: token } }"],
  ["{ auth: { kind: portal } }", "shop: { kind: portal }"],
  ["{ auth: { kind: tokn } }", "token"],
  ["{ auth: { kind: http } }", null],
])("%s is answered with %s", async (entry, suggestion) => {
  const loaded = await loadConfiguration({
    path: "/leadledger.yaml",
    env: {},
    kinds,
    readFile: () => Promise.resolve(Buffer.from(`sources:\n  shop: ${entry}\n`)),
  });
  expect(loaded).toMatchObject({
    ok: false,
    problems: [{ code: "not_one_of", params: { suggestion } }],
  });
});

it("is missing once in an entry without a value, also where kinds stand at the top", async () => {
  const loaded = await loadConfiguration({
    path: "/leadledger.yaml",
    env: {},
    kinds,
    readFile: () => Promise.resolve(Buffer.from("sources:\n  shop:\n")),
  });
  expect(loaded.ok ? [] : loaded.problems.map(({ code }) => code)).toEqual(["value_missing"]);
});
