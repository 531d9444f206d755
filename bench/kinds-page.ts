// docs/*/source-speed.md: what a request of each kind costs, as `npm run bench -- --only kinds --docs` has measured it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { kindSenders } from "./load/kind-requests.ts";
import { productFolder } from "./machine/built-product.ts";
import { kindsTitle, nodeMicrosUnit } from "./parts/kinds.ts";
import type { BenchReport } from "./report.ts";
import { summarise } from "./statistics.ts";

/** Above it somebody else is at work. */
const loadOfQuietMachine = 0.5;

const languages = ["en", "de"] as const;
type Language = (typeof languages)[number];

/** Throws if the kinds were not measured: nothing that stands there is replaced by nothing. */
export async function writeKindsPages(report: BenchReport): Promise<void> {
  for (const language of languages)
    await writeFile(join(productFolder, "docs", language, "source-speed.md"), kindsPage(report, language));
}

function kindsPage(report: BenchReport, language: Language): string {
  const { head, columns } = words[language];
  const rows = kindSenders.map(({ name, kind }) => {
    const micros = microsOf(report, name);
    const shown = name.startsWith(kind) ? `\`${kind}\`${name.slice(kind.length)}` : name;
    const perSecond = Math.round(1e6 / micros / 100) * 100;
    return `| ${shown} | ${perSecond.toLocaleString(language)} | ${Math.round(micros)} |`;
  });
  return `${head(report)}\n${[columns, "| --- | --- | --- |", ...rows].join("\n")}\n`;
}

function microsOf({ parts }: BenchReport, name: string): number {
  const figure = parts
    .find(({ title }) => title === kindsTitle)
    ?.figures.find(({ what, unit }) => what === name && unit === nodeMicrosUnit);
  if (figure === undefined || figure.values.length === 0)
    throw new Error(`nothing was measured of ${name}: --docs needs --only kinds`);
  return summarise(figure.values).median;
}

function measuredOn({ at, machine, settings, scale }: BenchReport) {
  return {
    day: at.slice(0, 10),
    commit: machine.commit,
    machine: `${machine.processor}, ${machine.memoryGb} GB, ${machine.system}, Node.js ${machine.node}, PostgreSQL ${settings["server_version"] ?? "?"}`,
    cores: String(machine.cores),
    load: machine.loadBefore,
    rounds: String(scale.kindRounds),
    seconds: String(scale.measuredMs / 1_000),
  };
}

const words: Readonly<
  Record<Language, { readonly head: (report: BenchReport) => string; readonly columns: string }>
> = {
  en: {
    head: (report) => {
      const { day, commit, machine, cores, load, rounds, seconds } = measuredOn(report);
      return `# Speed of the kinds of source

What a request of each [kind](source-kinds.md) costs: requests per second that a node takes for each core, and processor time of its process for one of them. PostgreSQL works on another core. The program makes this page: \`npm run bench -- --only kinds --docs\`; do not edit it by hand.

Each kind by itself: its sender's own requests, signed beforehand as the conformance suite signs them, each with a lead of its own, over HTTP on loopback and 128 kept-alive connections; a node that was warmed up, an empty database, and each answer only after the commit. Afterwards there is one lead for each request. What Meta and LinkedIn send are ids, which are small.

## Measured on ${day}

Commit ${commit}; ${cores} cores (${machine}). Median of ${rounds} × ${seconds} s. Average load of the machine before it: ${load}.${load > loadOfQuietMachine ? " It had other work to do: the figures are too low." : ""}
`;
    },
    columns: "| Kind | Requests/s on one core | µs per request |",
  },
  de: {
    head: (report) => {
      const { day, commit, machine, cores, load, rounds, seconds } = measuredOn(report);
      return `# Geschwindigkeit der Arten von Quellen

Was eine Anfrage jeder [Art](source-kinds.md) kostet: wie viele Anfragen je Sekunde ein Knoten auf einem Kern annimmt, und wie viel Rechenzeit sein Prozess für eine braucht. PostgreSQL arbeitet auf einem anderen Kern. Das Programm erzeugt diese Seite: \`npm run bench -- --only kinds --docs\`; bitte nicht von Hand ändern.

Jede Art für sich: die Anfragen ihres eigenen Absenders, vorher so signiert wie in der Konformitätsprüfung, jede mit einem eigenen Lead, über HTTP auf der Loopback-Schnittstelle und 128 offen gehaltene Verbindungen; ein warmgelaufener Knoten, eine leere Datenbank, und jede Antwort erst nach dem Commit. Danach gibt es zu jeder Anfrage genau einen Lead. Meta und LinkedIn senden nur Kennungen; deren Anfragen sind klein.

## Gemessen am ${day}

Commit ${commit}; ${cores} Kerne (${machine}). Median aus ${rounds} × ${seconds} s. Durchschnittliche Last der Maschine davor: ${load.toLocaleString("de")}.${load > loadOfQuietMachine ? " Sie hatte anderes zu tun: Die Zahlen sind zu niedrig." : ""}
`;
    },
    columns: "| Art | Anfragen/s auf einem Kern | µs je Anfrage |",
  },
};
