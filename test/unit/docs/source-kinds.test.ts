// docs/*/source-kinds.md is what the kinds declare; `-u` writes it anew.
import { join } from "node:path";
import { expect, it } from "vitest";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { docsFolder, languages } from "../../support/documentation.ts";
import { sourceKindsPage } from "../../support/kinds-page.ts";

it.each(languages)("source-kinds.md (%s) lists every kind with the fields it declares", async (language) => {
  const page = sourceKindsPage(builtInKinds, language);
  await expect(page).toMatchFileSnapshot(join(docsFolder, language, "source-kinds.md"));
});
