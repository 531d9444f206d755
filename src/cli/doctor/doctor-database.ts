// What the doctor asks of the database beyond its tables: does it finish a commit, and what is set there.
import { checkCommit, readStandbyState } from "../../ledger/connection/commit-check.ts";
import type { CommitCheck, StandbyState } from "../../ledger/connection/commit-check.ts";
import { readForeignSettings, readOwnSession } from "../../ledger/connection/settings-in-force.ts";
import type { ForeignSetting, OwnSession } from "../../ledger/connection/settings-in-force.ts";
import { findTableFaults } from "../../ledger/figures/table-faults.ts";
import type { TableFaults } from "../../ledger/figures/table-faults.ts";
import type { Installation } from "../../runtime/installation.ts";
import type { Check } from "./doctor-check.ts";
import type { Texts } from "../frame/language.ts";

const commitLimitMs = 5_000;
const commitLimitSeconds = commitLimitMs / 1_000;

export async function checkDatabase({ database, databaseUrl }: Installation): Promise<Check[]> {
  const commit = await checkCommit(database, commitLimitMs);
  return [
    judgeCommit(commit, await readStandbyState(database)),
    ...judgeOwnSession(await readOwnSession(database)),
    ...judgeForeignSettings(await readForeignSettings(databaseUrl)),
    ...judgeTables(await findTableFaults(database)),
  ];
}

export function judgeCommit(commit: CommitCheck, { names, connected }: StandbyState): Check {
  const check = "commit";
  switch (commit.kind) {
    case "finished":
      return {
        check,
        status: "ok",
        text:
          names === ""
            ? {
                en: "the database finishes commits (no synchronous standby)",
                de: "die Datenbank schließt Commits ab (kein synchroner Standby-Server)",
              }
            : {
                en: `the database finishes commits, and waits for its standby with each (synchronous_standby_names = ${names})`,
                de: `die Datenbank schließt Commits ab und wartet jedes Mal auf ihren Standby-Server (synchronous_standby_names = ${names})`,
              },
      };
    case "waits":
      return {
        check,
        status: "fail",
        text: {
          en: `a commit was not finished within ${commitLimitSeconds} s${names === "" ? "" : `: it waits for a standby (synchronous_standby_names = ${names}; standbys connected: ${connected})`}`,
          de: `ein Commit war nach ${commitLimitSeconds} s nicht abgeschlossen${names === "" ? "" : `: Er wartet auf einen Standby-Server (synchronous_standby_names = ${names}; verbundene Standby-Server: ${connected})`}`,
        },
        advice: {
          en: "Until commits are finished, leads wait on the disk of the node that took them. Bring the standby back, or let an administrator take it out of synchronous_standby_names.",
          de: "Bis Commits abgeschlossen werden, warten Leads auf der Platte des Knotens, der sie angenommen hat. Bringen Sie den Standby-Server zurück, oder lassen Sie ihn von einem Administrator aus synchronous_standby_names nehmen.",
        },
      };
    case "read_only":
      return {
        check,
        status: "fail",
        text: {
          en: "the database takes no changes: it is a standby, or default_transaction_read_only is on",
          de: "die Datenbank nimmt keine Änderungen an: Sie ist ein Standby-Server, oder default_transaction_read_only ist eingeschaltet",
        },
        advice: {
          en: "Until it does, leads wait on the disk of the node that took them. DATABASE_URL must name the server that may be written to.",
          de: "Bis dahin warten Leads auf der Platte des Knotens, der sie angenommen hat. DATABASE_URL muss den Server nennen, in den geschrieben werden darf.",
        },
      };
    case "failed": {
      const said = commit.error instanceof Error ? commit.error.message : String(commit.error);
      return {
        check,
        status: "fail",
        text: {
          en: `the database does not finish a commit: ${said}`,
          de: `die Datenbank schließt einen Commit nicht ab: ${said}`,
        },
      };
    }
  }
}

export function judgeOwnSession({ wrong, isPooled, keepsStatements }: OwnSession): Check[] {
  if (wrong.length > 0) {
    return [
      {
        check: "session",
        status: "fail",
        text: {
          en: `LeadLedger's own connections do not have the settings they need: ${wrong.join(", ")}`,
          de: `LeadLedgers eigene Verbindungen haben nicht die Einstellungen, die sie brauchen: ${wrong.join(", ")}`,
        },
        advice: {
          en: "Something between LeadLedger and the database changes them. Connect without it.",
          de: "Etwas zwischen LeadLedger und der Datenbank ändert sie. Verbinden Sie sich ohne es.",
        },
      },
    ];
  }
  if (!isPooled) return [];
  if (keepsStatements) {
    return [
      {
        check: "pooler",
        status: "ok",
        text: {
          en: "the connection goes through a pooler that keeps prepared statements",
          de: "die Verbindung geht über einen Pooler, der vorbereitete Anweisungen behält",
        },
      },
    ];
  }
  return [
    {
      check: "pooler",
      status: "warn",
      text: {
        en: "the connection goes through a pooler that does not keep prepared statements: LeadLedger does without them, and the database plans every statement anew",
        de: "die Verbindung geht über einen Pooler, der vorbereitete Anweisungen nicht behält: LeadLedger verzichtet auf sie, und die Datenbank plant jede Anweisung neu",
      },
      advice: {
        en: "PgBouncer keeps them from version 1.21 on, with max_prepared_statements = 200 (the default from 1.24 on).",
        de: "PgBouncer behält sie ab Version 1.21 mit max_prepared_statements = 200 (ab 1.24 voreingestellt).",
      },
    },
  ];
}

export function judgeForeignSettings(settings: readonly ForeignSetting[]): Check[] {
  const overridden = settings.filter(({ wanted }) => wanted !== null);
  const inForce = settings.filter(({ wanted }) => wanted === null);
  const checks = inForce.map(judgeServerSetting);
  if (overridden.length === 0) return checks;
  const list = (language: "en" | "de"): string =>
    overridden
      .map(
        ({ name, value, wanted, source }) =>
          `${name} = ${value} (${sourceText(source)[language]}; LeadLedger: ${wanted})`,
      )
      .join(", ");
  return [
    ...checks,
    {
      check: "database_settings",
      status: "warn",
      text: {
        en: `other programs that write into this database do so with ${list("en")}. LeadLedger sets its own value for each of its connections`,
        de: `andere Programme, die in diese Datenbank schreiben, tun das mit ${list("de")}. LeadLedger stellt für jede seiner Verbindungen den eigenen Wert ein`,
      },
      advice: {
        en: "What is changed by psql or a worker of one's own may get lost at a crash, be refused or mean something else. `ALTER DATABASE … RESET <name>` (or ALTER ROLE …, or postgresql.conf) takes it back.",
        de: "Was mit psql oder einem eigenen Worker geändert wird, kann bei einem Absturz verloren gehen, abgelehnt werden oder etwas anderes bedeuten. `ALTER DATABASE … RESET <Name>` (oder ALTER ROLE …, oder postgresql.conf) nimmt es zurück.",
      },
    },
  ];
}

function judgeServerSetting({ name, value, source }: ForeignSetting): Check {
  const set = `${name} = ${value}`;
  if (name === "default_transaction_read_only") {
    return {
      check: `setting:${name}`,
      status: "fail",
      text: {
        en: `${set} (${sourceText(source).en}): nothing can be written. LeadLedger leaves that as it is, because somebody wants it so`,
        de: `${set} (${sourceText(source).de}): Es kann nichts geschrieben werden. LeadLedger lässt das so, weil es jemand so will`,
      },
      advice: {
        en: "Leads wait on the disk of the node meanwhile. `ALTER DATABASE … RESET default_transaction_read_only` ends it.",
        de: "Leads warten so lange auf der Platte des Knotens. `ALTER DATABASE … RESET default_transaction_read_only` beendet es.",
      },
    };
  }
  return {
    check: `setting:${name}`,
    status: "warn",
    text: {
      en: `${set}: when the power fails, acknowledged leads can be lost, or the whole database`,
      de: `${set}: Fällt der Strom aus, können bestätigte Leads verloren gehen oder die ganze Datenbank`,
    },
    advice: {
      en: `Set ${name} = on in postgresql.conf, unless nothing here is worth keeping.`,
      de: `Setzen Sie in postgresql.conf ${name} = on, wenn hier irgendetwas erhalten bleiben soll.`,
    },
  };
}

export function judgeTables({ unlogged, withoutTriggers }: TableFaults): Check[] {
  const checks: Check[] = [];
  if (unlogged.length > 0) {
    checks.push({
      check: "tables_unlogged",
      status: "fail",
      text: {
        en: `tables that the server empties after a crash (UNLOGGED): ${unlogged.join(", ")}`,
        de: `Tabellen, die der Server nach einem Absturz leert (UNLOGGED): ${unlogged.join(", ")}`,
      },
      advice: { en: "`ALTER TABLE … SET LOGGED`", de: "`ALTER TABLE … SET LOGGED`" },
    });
  }
  if (withoutTriggers.length > 0) {
    checks.push({
      check: "triggers",
      status: "fail",
      text: {
        en: `triggers are switched off on ${withoutTriggers.join(", ")}: what is changed there is neither checked nor counted, and leaves no event`,
        de: `auf ${withoutTriggers.join(", ")} sind Trigger ausgeschaltet: Was dort geändert wird, wird weder geprüft noch gezählt und steht in keinem Protokoll`,
      },
      advice: {
        en: "`ALTER TABLE … ENABLE TRIGGER ALL`, then `leadledger kpi rebuild`.",
        de: "`ALTER TABLE … ENABLE TRIGGER ALL`, dann `leadledger kpi rebuild`.",
      },
    });
  }
  return checks;
}

const sources: Readonly<Record<string, Texts>> = {
  database: { en: "set for the database", de: "für die Datenbank eingestellt" },
  user: { en: "set for the role", de: "für die Rolle eingestellt" },
  "database user": {
    en: "set for the role in this database",
    de: "für die Rolle in dieser Datenbank eingestellt",
  },
  "configuration file": { en: "set for the server", de: "für den Server eingestellt" },
  "command line": { en: "set for the server", de: "für den Server eingestellt" },
  session: { en: "set for the server, database or role", de: "für Server, Datenbank oder Rolle eingestellt" },
  client: { en: "set by DATABASE_URL or PGOPTIONS", de: "von DATABASE_URL oder PGOPTIONS eingestellt" },
};

function sourceText(source: string): Texts {
  return sources[source] ?? { en: source, de: source };
}
