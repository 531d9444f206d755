// docs/*/error-codes.md is what the catalogue says; `-u` writes it anew.
import { join } from "node:path";
import { expect, it } from "vitest";
import { docsFolder } from "../../support/documentation.ts";
import { errorCodesPage, languages } from "../../support/error-codes-page.ts";

it.each(languages)("error-codes.md (%s) lists every code as the program explains it", async (language) => {
  await expect(errorCodesPage(language)).toMatchFileSnapshot(join(docsFolder, language, "error-codes.md"));
});
