// The table of event types in docs/*/audit-dlq-kpi.md, made from what is declared of them: test/unit/docs/event-types.test.ts
// holds the page against it, and `npx vitest run --project unit test/unit/docs/event-types.test.ts -u` writes it anew.
import { eventTypeNames, eventTypeOf } from "../../src/domain/log/event-types.ts";
import { page } from "./documentation.ts";
import type { DocumentationLanguage } from "./documentation.ts";

const heads = {
  en: "| `event_type` | Written when | `payload` |",
  de: "| `event_type` | Geschrieben, wenn | `payload` |",
} as const;

/** The page as it should be. */
export function pageWithEventTypes(language: DocumentationLanguage): string {
  const lines = page(language, "audit-dlq-kpi.md").split("\n");
  const first = lines.indexOf(heads[language]);
  if (first === -1) throw new Error(`audit-dlq-kpi.md (${language}) has no table of event types`);
  const after = lines.findIndex((line, index) => index > first && !line.startsWith("|"));
  return [...lines.slice(0, first), ...tableOf(language), ...lines.slice(after)].join("\n");
}

function tableOf(language: DocumentationLanguage): string[] {
  const rows = eventTypeNames.map((type) => {
    const { when, payload } = eventTypeOf(type) ?? { when: { en: "", de: "" }, payload: "" };
    const example = typeof payload === "string" ? payload : payload[language];
    return `| \`${type}\` | ${when[language]} | ${example} |`;
  });
  return [heads[language], "|---|---|---|", ...rows];
}
