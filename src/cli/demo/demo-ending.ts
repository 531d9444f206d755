// The demo's last words: whether the books balance, and where to look next.
import { relative, resolve } from "node:path";
import type { Summary } from "../../demo/summary.ts";
import type { CommandContext } from "../frame/command.ts";
import { heading, paragraph } from "./demo-text.ts";
import type { DemoSite } from "./demo-site.ts";
import type { Texts } from "../frame/language.ts";

export function printVerdict(
  context: CommandContext,
  { received, delivered }: Summary,
  balanced: boolean,
): void {
  const { terminal, say } = context;
  const sum = `${received} = ${delivered} + ${received - delivered}`;
  const verdict = balanced
    ? {
        en: `The books balance (${sum}): no lead was lost.`,
        de: `Die Bücher stimmen (${sum}): Kein Lead ging verloren.`,
      }
    : { en: "The books do NOT balance: see ✗ above.", de: "Die Bücher stimmen NICHT: siehe ✗ oben." };
  terminal.out(`\n${terminal.paint(balanced ? "green" : "red", say(verdict))}`);
}

export function printNextSteps(context: CommandContext, site: DemoSite, keep: boolean): void {
  const { terminal, say } = context;
  const command = commandName();
  heading(context, {
    en: "Look around: everything is still running",
    de: "Sehen Sie sich um: Alles läuft noch",
  });
  const steps: readonly (readonly [Texts, readonly string[]])[] = [
    [
      {
        en: "Send a lead yourself (the second time it is a duplicate):",
        de: "Selbst einen Lead senden (beim zweiten Mal ist er eine Dublette):",
      },
      [
        `curl -i ${site.baseUrl}/webhook/lead/landingpage \\`,
        `  -H 'Authorization: Bearer ${site.secrets.landingpage}' \\`,
        `  -H 'Idempotency-Key: mein-lead-1' -d name=Erika -d plz=10115`,
      ],
    ],
    [
      { en: "In another terminal, first:", de: "In einem anderen Terminal, zuerst:" },
      [`export LEADLEDGER_DATA_DIR='${site.dataDir}'`],
    ],
    [{ en: "What needs attention:", de: "Die Klärfälle:" }, [`${command} dlq list`]],
    [{ en: "Your own SQL:", de: "Eigenes SQL:" }, [`psql "$(${command} db url)"`]],
    [{ en: "Configuration and log:", de: "Konfiguration und Logbuch:" }, [site.configPath, site.logPath]],
    [
      { en: "What the tables mean:", de: "Was die Tabellen bedeuten:" },
      [`docs/${context.language}/audit-dlq-kpi.md`],
    ],
  ];
  for (const [title, lines] of steps) {
    terminal.out(say(title));
    for (const line of lines) terminal.out(`  ${line}`);
  }
  const end = keep
    ? {
        en: `Ctrl-C ends the demo; the folder stays: ${site.folder}`,
        de: `Strg-C beendet die Vorführung; der Ordner bleibt: ${site.folder}`,
      }
    : {
        en: "Ctrl-C ends the demo and removes its folder.",
        de: "Strg-C beendet die Vorführung und löscht ihren Ordner.",
      };
  terminal.out(`\n${terminal.paint("bold", say(end))}`);
}

/** As the person would type it: `leadledger` where it is installed, else the way to this file. */
function commandName(): string {
  const script = process.argv[1] ?? "leadledger";
  return script.endsWith(".js") ? `node ${relative(process.cwd(), resolve(script))}` : "leadledger";
}

export function printEnd(context: CommandContext, site: DemoSite, keep: boolean): void {
  const { terminal, say } = context;
  if (!keep) {
    paragraph(context, {
      en: "Without --exit everything stays up, so that you can look around; --keep keeps the data.",
      de: "Ohne --exit läuft alles weiter, damit Sie sich umsehen können; --keep behält die Daten.",
    });
    return;
  }
  terminal.out(
    say({
      en: `The data stays in ${site.folder}. To look at it again:`,
      de: `Die Daten bleiben in ${site.folder}. Um sie wieder anzusehen:`,
    }),
  );
  terminal.out(`  LEADLEDGER_DATA_DIR='${site.dataDir}' ${commandName()} runs list`);
}
