// docs/*/source-kinds.md is what the kinds declare; `-u` writes it anew.
import { join } from "node:path";
import { expect, it } from "vitest";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { docsFolder, languages, page } from "../../support/documentation.ts";
import { sourceKindsPage } from "../../support/kinds-page.ts";

it.each(languages)("source-kinds.md (%s) lists every kind with the fields it declares", async (language) => {
  const written = sourceKindsPage(builtInKinds, language);
  await expect(written).toMatchFileSnapshot(join(docsFolder, language, "source-kinds.md"));
});

it.each(languages)(
  "source-speed.md (%s) says what requests of our kinds cost, and of no others",
  (language) => {
    const rows = page(language, "source-speed.md").matchAll(/^\| `([a-z-]+)`.* \| [\d.,]+ \| \d+ \|$/gm);
    const measured = [...rows].map(([, kind]) => kind);
    expect(measured).toContain("hmac");
    expect(builtInKinds.sources.map(({ kind }) => kind)).toEqual(expect.arrayContaining(measured));
  },
);
