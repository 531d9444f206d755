// Shows what the demo is doing: one line per phase when it is over, and on a terminal a bar while it lasts.
import type { Phase, Stage } from "../../demo/run-demo.ts";
import type { WorkUnderWay } from "../../ledger/figures/books.ts";
import type { CommandContext } from "../frame/command.ts";
import type { Texts } from "../frame/language.ts";

/** The program's own phases stand around those of the play. */
export type ShownPhase = Phase | "starting" | "checking";

export interface ShownStage extends Stage {
  begin(phase: ShownPhase, total: number | null): void;
  end(phase: ShownPhase, work?: WorkUnderWay): void;
  /** Takes an unfinished bar away. */
  clear(): void;
}

const barCharacters = 24;
const redrawEveryMs = 100;

/** `quiet`: only the bar, because stdout belongs to a program. */
export function createStage(context: CommandContext, nowMs: () => number, quiet: boolean): ShownStage {
  const { terminal, say, language } = context;
  const seconds = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  let current: { phase: ShownPhase; total: number | null; done: number; startedMs: number } | null = null;
  let timer: NodeJS.Timeout | undefined;

  const draw = (): void => {
    if (current === null) return;
    const { phase, total, done, startedMs } = current;
    const measure =
      total === null
        ? `${Math.floor((nowMs() - startedMs) / 1_000)} s`
        : `${bar(done / total)} ${done}/${total}`;
    terminal.noteRaw(`\r\u001b[K  ${say(doing[phase])} … ${measure}`);
  };
  const clear = (): void => {
    clearInterval(timer);
    if (current !== null && terminal.noteIsTerminal) terminal.noteRaw("\r\u001b[K");
    current = null;
  };

  return {
    clear,
    begin(phase, total) {
      current = { phase, total, done: 0, startedMs: nowMs() };
      if (terminal.noteIsTerminal) timer = setInterval(draw, redrawEveryMs);
    },
    step() {
      if (current !== null) current.done += 1;
    },
    end(phase, work) {
      const tookMs = current === null ? 0 : nowMs() - current.startedMs;
      clear();
      if (quiet) return;
      const took = terminal.paint("dim", `(${seconds.format(tookMs / 1_000)} s)`);
      terminal.out(`${terminal.paint("green", "✓")} ${say(done(phase, work))} ${took}`);
    },
  };
}

function bar(share: number): string {
  const filled = Math.round(barCharacters * Math.min(1, share));
  return "█".repeat(filled) + "░".repeat(barCharacters - filled);
}

const doing: Readonly<Record<ShownPhase, Texts>> = {
  starting: { en: "Starting database and server", de: "Datenbank und Server starten" },
  normal: { en: "An ordinary day", de: "Gewöhnlicher Betrieb" },
  outage: { en: "The CRM is down, leads keep coming", de: "Das CRM ist ausgefallen, Leads kommen weiter" },
  waiting: { en: "Still no CRM", de: "Immer noch kein CRM" },
  recovery: { en: "The CRM is back, more leads arrive", de: "Das CRM ist zurück, weitere Leads kommen" },
  settling: { en: "The last deliveries", de: "Die letzten Zustellungen" },
  checking: { en: "Checking the books", de: "Die Bücher werden geprüft" },
};

function done(phase: ShownPhase, work?: WorkUnderWay): Texts {
  const waiting = work?.healing ?? 0;
  switch (phase) {
    case "starting":
      return {
        en: "LeadLedger is running: empty database, CRM and newsletter tool",
        de: "LeadLedger läuft: leere Datenbank, CRM und Newsletter",
      };
    case "normal":
      return {
        en: "An ordinary day: leads come in and are delivered at once",
        de: "Gewöhnlicher Betrieb: Leads kommen an und werden sofort zugestellt",
      };
    case "outage":
      return {
        en: "The CRM breaks down, leads keep coming: every one is kept",
        de: "Das CRM fällt aus, Leads kommen weiter: Jeder wird aufbewahrt",
      };
    case "waiting":
      return {
        en: `Still no CRM: ${waiting} leads need attention and are retried by themselves`,
        de: `Immer noch kein CRM: ${waiting} Klärfälle werden von selbst erneut versucht`,
      };
    case "recovery":
      return {
        en: "The CRM is back: new leads arrive, the waiting ones are caught up on",
        de: "Das CRM ist zurück: Neue Leads kommen, die wartenden werden nachgeholt",
      };
    case "settling":
      return {
        en: "Everything that could be delivered has been delivered",
        de: "Alles ist zugestellt, was sich zustellen lässt",
      };
    case "checking":
      return { en: "The books have been checked", de: "Die Bücher sind geprüft" };
  }
}
