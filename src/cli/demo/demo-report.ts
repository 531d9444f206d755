// Prints what the demo has shown: the result as a sales manager asks for it, then the proof.
import type { Check } from "../../demo/check-books.ts";
import type { AttentionLine, Summary } from "../../demo/summary.ts";
import type { CommandContext } from "../frame/command.ts";
import { printChecks, printQuery } from "./demo-proof.ts";
import type { QueryWithResult } from "./demo-proof.ts";
import { heading } from "./demo-text.ts";
import type { Texts } from "../frame/language.ts";
import type { Cell, Column } from "../frame/table.ts";
import { printTable, wrap } from "../frame/table.ts";

export interface DemoResult {
  readonly summary: Summary;
  /** Requests without valid credentials; nothing of them is stored. */
  readonly denied: number;
  readonly story: {
    readonly run_id: string;
    readonly name: string;
    readonly lines: readonly (readonly [time: string, line: string])[];
  };
  readonly checks: readonly Check[];
  readonly queries: readonly QueryWithResult[];
}

export function printResult(context: CommandContext, result: DemoResult): void {
  printTotals(context, result);
  printSources(context, result.summary);
  printDestinations(context, result.summary);
  printAttention(context, result.summary);
  printStory(context, result);
  printChecks(context, result.checks);
  for (const query of result.queries) printQuery(context, query);
}

function printTotals(context: CommandContext, { summary, denied }: DemoResult): void {
  const { received, delivered, deliveredLater, corrected, duplicates, attention } = summary;
  const conflicts = attention.reduce(
    (sum, { cause, count }) => sum + (cause === "key_reused" ? count : 0),
    0,
  );
  const numbers: (readonly [number, Texts])[] = [
    [received, { en: "leads received, each one exactly once", de: "Leads empfangen, jeder genau einmal" }],
    [
      delivered,
      {
        en: `delivered, ${deliveredLater} of them after the CRM had been down`,
        de: `zugestellt, davon ${deliveredLater} nachgeholt, als das CRM wieder da war`,
      },
    ],
    [
      received - delivered,
      {
        en: "not delivered: they need attention, why is below",
        de: "nicht zugestellt: Klärfälle, die Gründe stehen unten",
      },
    ],
    [
      conflicts,
      {
        en: "more need attention although their lead was delivered",
        de: "weitere Klärfälle, deren Lead zugestellt ist",
      },
    ],
    [
      duplicates,
      {
        en: "duplicates recognised and not delivered again",
        de: "Dubletten erkannt und nicht noch einmal zugestellt",
      },
    ],
    [
      corrected,
      {
        en: "unreadable at first, then sent again correctly and delivered",
        de: "zuerst unlesbar, dann berichtigt nachgesandt und zugestellt",
      },
    ],
    [
      denied,
      {
        en: "requests without valid credentials turned away, nothing stored",
        de: "Anfragen ohne gültige Zugangsdaten abgewiesen, nichts gespeichert",
      },
    ],
  ];
  heading(context, { en: "The result", de: "Das Ergebnis" });
  for (const [number, texts] of numbers) {
    context.terminal.out(`${String(number).padStart(5)}  ${context.say(texts)}`);
  }
}

function printSources(context: CommandContext, { sources }: Summary): void {
  const { say, terminal } = context;
  const columns: readonly [Texts, (line: Summary["sources"][number]) => number][] = [
    [{ en: "received", de: "empfangen" }, (line) => line.received],
    [{ en: "delivered", de: "zugestellt" }, (line) => line.delivered],
    [{ en: "being delivered", de: "in Zustellung" }, (line) => line.underWay],
    [{ en: "to decide", de: "zu klären" }, (line) => line.needsDecision],
    [{ en: "given up", de: "aufgegeben" }, (line) => line.givenUp],
    [{ en: "unreadable", de: "unlesbar" }, (line) => line.unreadable],
    [{ en: "duplicates", de: "Dubletten" }, (line) => line.duplicates],
  ];
  // After a quiet end nothing is under way, and the column would only take room.
  const shown = columns.filter(
    ([, valueOf]) => valueOf !== columns[2]?.[1] || sources.some((line) => valueOf(line) > 0),
  );
  const sum = (valueOf: (line: Summary["sources"][number]) => number): number =>
    sources.reduce((total, line) => total + valueOf(line), 0);
  heading(context, { en: "By source", de: "Je Quelle" });
  printTable(
    terminal,
    [{ title: say({ en: "source", de: "Quelle" }) }, ...shown.map(([title]) => number(say(title)))],
    [
      ...sources.map((line) => [line.source, ...shown.map(([, valueOf]) => valueOf(line))]),
      [
        bold(say({ en: "together", de: "zusammen" })),
        ...shown.map(([, valueOf]) => bold(String(sum(valueOf)))),
      ],
    ],
  );
}

function printDestinations(context: CommandContext, { destinations }: Summary): void {
  const { say, terminal } = context;
  heading(context, { en: "By destination", de: "Je Ziel" });
  printTable(
    terminal,
    [
      { title: say({ en: "destination", de: "Ziel" }) },
      number(say({ en: "delivered", de: "zugestellt" })),
      number(say({ en: "at once", de: "sofort" })),
      number(say({ en: "after the outage", de: "nach dem Ausfall" })),
      number(say({ en: "needs attention", de: "Klärfälle" })),
    ],
    destinations.map((line) => [
      line.destination,
      line.delivered,
      line.atOnce,
      line.later,
      line.notDelivered,
    ]),
  );
}

function printAttention(context: CommandContext, { attention }: Summary): void {
  const { say, terminal } = context;
  heading(context, { en: "What needs attention, and why", de: "Die Klärfälle, und warum" });
  if (attention.length === 0) {
    terminal.out(say({ en: "Nothing.", de: "Keine." }));
    return;
  }
  printTable(
    terminal,
    [
      number(""),
      { title: say({ en: "what happened", de: "was ist los" }), wraps: true },
      { title: say({ en: "what to do", de: "was zu tun ist" }), wraps: true },
    ],
    attention.map((line) => [line.count, say(whatHappened(line)), say(whatToDo[line.cause])]),
  );
}

function whatHappened({ cause, destination, said }: AttentionLine): Texts {
  const quote = said === null ? { en: "", de: "" } : { en: ` (“${said}”)`, de: ` („${said}“)` };
  const name = destination ?? "";
  switch (cause) {
    case "rejected":
      return { en: `${name} does not want the lead${quote.en}`, de: `${name} lehnt den Lead ab${quote.de}` };
    case "given_up":
      return {
        en: `${name} fails on it every time${quote.en}; given up`,
        de: `${name} scheitert daran jedes Mal${quote.de}; aufgegeben`,
      };
    case "unreadable":
      return { en: "unreadable, kept", de: "unlesbar, aufbewahrt" };
    case "key_reused":
      return {
        en: "other content under the key of an earlier lead; that one stands",
        de: "andere Angaben unter der Kennung eines früheren Leads; der frühere gilt",
      };
    case "retrying":
      return { en: `${name} could not be reached${quote.en}`, de: `${name} war nicht erreichbar${quote.de}` };
    case "other":
      return {
        en: `${name} did not take the lead${quote.en}`,
        de: `${name} nahm den Lead nicht an${quote.de}`,
      };
  }
}

const whatToDo: Readonly<Record<AttentionLine["cause"], Texts>> = {
  rejected: { en: "add what is missing, deliver again", de: "Fehlendes ergänzen, erneut zustellen" },
  given_up: { en: "have the CRM looked at, deliver again", de: "CRM prüfen lassen, erneut zustellen" },
  unreadable: { en: "ask the sender for correct data", de: "Absender um berichtigte Daten bitten" },
  key_reused: { en: "look: a postscript, or a new lead?", de: "ansehen: Nachtrag oder neuer Lead?" },
  retrying: { en: "nothing: it is tried again", de: "nichts: wird erneut versucht" },
  other: { en: "look at the reason", de: "Grund ansehen" },
};

function printStory(context: CommandContext, { story }: DemoResult): void {
  const { terminal } = context;
  const { name, run_id: runId, lines } = story;
  heading(context, { en: `The story of one lead: ${name}`, de: `Die Geschichte eines Leads: ${name}` });
  terminal.out(terminal.paint("dim", runId));
  const width = terminal.outColumns ?? Infinity;
  for (const [time, line] of lines) {
    const [first = "", ...rest] = wrap(line, width - time.length - 2);
    terminal.out(`${terminal.paint("dim", time)}  ${first}`);
    for (const more of rest) terminal.out(`${" ".repeat(time.length)}  ${more}`);
  }
}

function number(title: string): Column {
  return { title, align: "right" };
}

function bold(text: string): Cell {
  return { text, colour: "bold" };
}
