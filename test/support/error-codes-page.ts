// The page of docs/ that lists every code, made from the catalogue: test/unit/docs/error-codes.test.ts holds the file
// against it, and `npx vitest run --project unit test/unit/docs/error-codes.test.ts -u` writes it anew.
import { languages } from "../../src/domain/errors/explained.ts";
import type { Language, Verdict } from "../../src/domain/errors/explained.ts";
import { explainAll } from "../../src/explanations/catalogue.ts";
import { areas } from "../../src/explanations/explanation.ts";
import type { Area, Explanation } from "../../src/explanations/explanation.ts";

export { languages };

export function errorCodesPage(language: Language): string {
  const all = explainAll(language);
  const sections = areas.map((area) => {
    const { title, text } = areaTexts[area][language];
    const rows = all.filter((explanation) => explanation.area === area);
    return `## ${title}\n\n${text}\n\n${table(area, rows, language)}\n`;
  });
  return `${heads[language]}\n${sections.join("\n")}`;
}

function table(area: Area, rows: readonly Explanation[], language: Language): string {
  const { code, meaning, safe, todo, who } = columns[language];
  // What is to be done about the configuration is the same everywhere, and stands above the table.
  const isBrief = area === "configuration";
  const head = isBrief ? [code, meaning] : [code, meaning, safe, todo, who];
  const cells = rows.map((row) => {
    const all = [`\`${row.code}\``, row.title, verdicts[row.safe][language], row.what_to_do, row.who];
    return isBrief ? all.slice(0, 2) : all;
  });
  return [head, head.map(() => "---"), ...cells]
    .map((line) => `| ${line.map(cell).join(" | ")} |`)
    .join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/<([^>`]+)>(?=[^`]*(?:`[^`]*`[^`]*)*$)/g, "&lt;$1&gt;");
}

const columns = {
  en: { code: "Code", meaning: "What it means", safe: "Lead safe?", todo: "What to do", who: "Who" },
  de: { code: "Code", meaning: "Was er bedeutet", safe: "Lead sicher?", todo: "Was zu tun ist", who: "Wer" },
} as const;

const verdicts: Readonly<Record<Verdict, Readonly<Record<Language, string>>>> = {
  yes: { en: "yes", de: "ja" },
  no: { en: "**no**", de: "**nein**" },
  uncertain: { en: "uncertain", de: "ungewiss" },
};

const heads: Readonly<Record<Language, string>> = {
  en: `# Error codes

Whatever goes wrong has a code that never changes: in answers to senders and of the API (\`code\`), with a lead or a DLQ entry (\`error_code\`), in the log (the event's name), in \`/health\` (\`troubles\`), and under a message of the command line (\`Code: …\`). It is the same code everywhere. This page lists them all.

More about one of them, in words for people who are not IT people (what happened, is the lead safe, what to do, who must do it):

- \`leadledger explain destination_auth\` ([command line](command-line.md)); it needs neither database nor server,
- \`GET /api/v1/error-codes/destination_auth\` and \`GET /api/v1/error-codes\` for all ([API](api.md)), in German or English by \`Accept-Language\`.

The program makes this page from what it says itself; do not edit it by hand.
`,
  de: `# Fehlercodes

Was auch schiefgeht, hat einen Code, der sich nie ändert: in Antworten an Absender und der API (\`code\`), bei einem Lead oder Klärfall (\`error_code\`), im Log (der Name des Ereignisses), in \`/health\` (\`troubles\`) und unter einer Meldung der Kommandozeile (\`Code: …\`). Es ist überall derselbe. Diese Seite zeigt alle.

Mehr zu einem davon, in Worten für Menschen, die nicht aus der IT kommen (was ist geschehen, ist der Lead sicher, was ist zu tun, wer muss es tun):

- \`leadledger explain destination_auth\` ([Kommandozeile](command-line.md)); das braucht weder Datenbank noch Server,
- \`GET /api/v1/error-codes/destination_auth\` und \`GET /api/v1/error-codes\` für alle ([API](api.md)), deutsch oder englisch je nach \`Accept-Language\`.

Diese Seite macht das Programm aus dem, was es selbst sagt; ändern Sie sie nicht von Hand.
`,
};

const areaTexts: Readonly<Record<Area, Readonly<Record<Language, { title: string; text: string }>>>> = {
  http: {
    en: {
      title: "Answers to senders and of the API",
      text: "With their HTTP status they stand under [Answers and error codes](webhooks.md#answers-and-error-codes), as far as senders meet them. Those of unreadable data are also the `error_code` of such leads.",
    },
    de: {
      title: "Antworten an Absender und der API",
      text: "Mit ihrem HTTP-Status stehen sie unter [Antworten und Fehlercodes](webhooks.md#antworten-und-fehlercodes), soweit Absender sie bekommen. Die Codes unlesbarer Daten sind auch der `error_code` solcher Leads.",
    },
  },
  delivery: {
    en: {
      title: "Failed deliveries",
      text: "`error_code` of leads and DLQ entries, and `outcome` in the log. What follows by itself stands under [Failure codes of deliveries](audit-dlq-kpi.md).",
    },
    de: {
      title: "Gescheiterte Zustellungen",
      text: "`error_code` von Leads und Klärfällen, `outcome` im Log. Was von selbst folgt, steht unter [Fehlercodes der Zustellung](audit-dlq-kpi.md#fehlercodes-der-zustellung).",
    },
  },
  operation: {
    en: {
      title: "Operations",
      text: "`obstacles` of an operation: why it left something alone, besides the codes above.",
    },
    de: {
      title: "Sammelaktionen",
      text: "`obstacles` einer Sammelaktion: warum sie etwas ausließ, neben den Codes oben.",
    },
  },
  configuration: {
    en: {
      title: "Configuration",
      text: "The message names file, line and what was expected. Leads that are stored stay stored; until the mistake is mended, the settings that held before go on. Whoever operates LeadLedger corrects the place and runs `leadledger apply` or starts again.",
    },
    de: {
      title: "Konfiguration",
      text: "Die Meldung nennt Datei, Zeile und was erwartet wurde. Gespeicherte Leads bleiben gespeichert; bis der Fehler behoben ist, gelten die bisherigen Einstellungen. Wer LeadLedger betreibt, berichtigt die Stelle und ruft `leadledger apply` auf oder startet neu.",
    },
  },
  start: {
    en: { title: "Starts and commands that fail", text: "Under the message at the terminal, as `Code: …`." },
    de: {
      title: "Starts und Befehle, die scheitern",
      text: "Unter der Meldung im Terminal, als `Code: …`.",
    },
  },
  database: {
    en: {
      title: "Rules of the ledger",
      text: "SQLSTATEs with which the database refuses what breaks them ([Audit, DLQ & KPI](audit-dlq-kpi.md)).",
    },
    de: {
      title: "Regeln des Buchs",
      text: "SQLSTATEs, mit denen die Datenbank ablehnt, was gegen sie verstößt ([Audit, DLQ & KPI](audit-dlq-kpi.md)).",
    },
  },
  alarm: {
    en: {
      title: "Alarms of the overview",
      text: "`alarms` of `GET /overview`; `requests_denied` stands under Log, `source_paused` under the answers.",
    },
    de: {
      title: "Hinweise der Übersicht",
      text: "`alarms` von `GET /overview`; `requests_denied` steht unter Log, `source_paused` unter den Antworten.",
    },
  },
  health: {
    en: { title: "Health", text: "`troubles` of `/health`, and `task` of the log's `task_failed`." },
    de: { title: "Zustand", text: "`troubles` von `/health` und `task` bei `task_failed` im Log." },
  },
  log: {
    en: { title: "Log", text: "Warnings and errors, by the name of the event." },
    de: { title: "Log", text: "Warnungen und Fehler, nach dem Namen des Ereignisses." },
  },
  verify: {
    en: {
      title: "Findings of verify",
      text: "`finding` of `leadledger verify --json` ([Operations](operations.md)).",
    },
    de: {
      title: "Befunde von verify",
      text: "`finding` bei `leadledger verify --json` ([Betrieb](operations.md)).",
    },
  },
};
