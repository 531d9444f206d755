// The table of event types in docs/*/audit-dlq-kpi.md is what is declared of them; `-u` writes it anew.
import { join } from "node:path";
import { expect, it } from "vitest";
import { docsFolder, languages } from "../../support/documentation.ts";
import { pageWithEventTypes } from "../../support/event-types-table.ts";

it.each(languages)("audit-dlq-kpi.md (%s) lists every type of event as it is declared", async (language) => {
  await expect(pageWithEventTypes(language)).toMatchFileSnapshot(
    join(docsFolder, language, "audit-dlq-kpi.md"),
  );
});
