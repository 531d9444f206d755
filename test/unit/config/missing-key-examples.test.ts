// A member that is missing is shown as its own kind writes it, whatever other kinds call the same.
import { expect, it } from "vitest";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { text } from "../../../src/config/fields/plain-fields.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { lines } from "../../support/lines-kind.ts";

const words = { en: "x", de: "x" };
const url = text("url", { label: words, help: words, example: "lines://erp" });
const other = { ...lines, fields: { ...lines.fields, url } };
const kinds = { ...builtInKinds, destinations: [...builtInKinds.destinations, other] };

it.each([
  ["http", "url: https://"],
  ["lines", "url: lines://erp"],
])("the example for a missing url of kind %s is its own", async (kind, example) => {
  const yaml = `destinations:\n  erp: { kind: ${kind}, paused: true }\n`;
  const loaded = await loadConfiguration({
    path: "/leadledger.yaml",
    env: {},
    kinds,
    readFile: () => Promise.resolve(Buffer.from(yaml)),
  });
  const problems = loaded.ok ? [] : loaded.problems;
  expect(JSON.stringify(problems)).toContain(example);
});
