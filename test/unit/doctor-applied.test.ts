// What doctor says to be as in the file is counted in the file.
import { expect, it } from "vitest";
import { appliedCheck } from "../../src/cli/doctor/doctor-configuration.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import { testSource } from "../support/app.ts";

it("counts no sources and destinations that were made over the API as being in the file", async () => {
  const loaded = await loadConfiguration({
    path: "/leadledger.yaml",
    env: {},
    kinds: builtInKinds,
    readFile: () => Promise.resolve(Buffer.from("sources:\n  shop: { auth: { kind: none } }\n")),
  });
  const applied = { sources: ["shop", "fair"].map((name) => testSource(name)), destinations: [] };
  expect(appliedCheck(loaded, [], false, applied).text.en).toBe(
    "sources: 1, destinations: 0, as in the file",
  );
});
