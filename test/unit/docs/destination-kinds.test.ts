// docs/*/destination-kinds.md is what the kinds declare; `-u` writes it anew.
import { join } from "node:path";
import { expect, it } from "vitest";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { docsFolder, languages } from "../../support/documentation.ts";
import { destinationKindsPage } from "../../support/kinds-page.ts";

it.each(languages)(
  "destination-kinds.md (%s) lists every kind with the fields it declares",
  async (language) => {
    const page = destinationKindsPage(builtInKinds.destinations, language);
    await expect(page).toMatchFileSnapshot(join(docsFolder, language, "destination-kinds.md"));
  },
);
