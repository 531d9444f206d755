// What the doctor looks at on this machine and in the database.
import { failureCountText } from "../../domain/attention/state-words.ts";
import { stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../../config/environment.ts";
import { listCircuits } from "../../ledger/delivery/circuits.ts";
import type { Circuit } from "../../ledger/delivery/circuits.ts";
import { readDeliverySwitch } from "../../ledger/delivery/delivery-switch.ts";
import type { DeliverySwitch } from "../../ledger/delivery/delivery-switch.ts";
import type { DatabaseCondition } from "../../ledger/figures/database-condition.ts";
import { readCondition } from "../../ledger/figures/database-condition.ts";
import { findWrongDays } from "../../ledger/figures/wrong-figures.ts";
import { readTimezone } from "../../ledger/settings/settings.ts";
import type { Installation } from "../../runtime/installation.ts";
import { inspectSpool } from "../../spool/inspect-spool.ts";
import type { Check } from "./doctor-check.ts";
import { bytesText, judgeClock, judgeDisk } from "./doctor-check.ts";
import { checkDatabase } from "./doctor-database.ts";
import { checkSqlRoles } from "./doctor-sql-roles.ts";

const booksDays = 31;

export async function checkInstallation(
  installation: Installation,
  environment: Environment,
): Promise<Check[]> {
  const askedMs = Date.now();
  const condition = await readCondition(installation.database);
  const machineMs = (askedMs + Date.now()) / 2;
  return [
    databaseCheck(condition, installation),
    ...(await checkDatabase(installation)),
    ...(await diskChecks(installation, environment)),
    ...(await spoolChecks(environment)),
    judgeClock(machineMs - condition.nowMs),
    await keyCheck(installation, environment),
    nodeCheck(condition),
    await booksCheck(installation),
    ...(await checkSqlRoles(installation)),
    ...byHandChecks(condition),
    nobodyCheck(condition),
    decisionsCheck(condition),
    ...missingDataChecks(condition),
    ...overdueChecks(condition),
    ...stoppedChecks(await readDeliverySwitch(installation.database)),
    ...leftAloneChecks(await listCircuits(installation.database)),
  ];
}

function databaseCheck(condition: DatabaseCondition, { migrated, embedded }: Installation): Check {
  const { version, migrations, sizeBytes } = condition;
  const isMigratedNow = (migrated ?? []).length > 0;
  const where = embedded === null ? { en: "", de: "" } : { en: " (embedded)", de: " (mitgeliefert)" };
  const size = bytesText(sizeBytes);
  const now = {
    en: isMigratedNow ? " (just now)" : "",
    de: isMigratedNow ? " (eben erst)" : "",
  };
  return {
    check: "database",
    status: "ok",
    text: {
      en: `PostgreSQL ${version}${where.en}, ${size.en}, all ${migrations} migrations${now.en}`,
      de: `PostgreSQL ${version}${where.de}, ${size.de}, alle ${migrations} Migrationen${now.de}`,
    },
  };
}

/** The embedded server keeps its files in the data folder too. With DATABASE_URL the folder may not exist. */
async function diskChecks({ embedded }: Installation, { dataDir }: Environment): Promise<Check[]> {
  try {
    const { bavail, bsize } = await statfs(dataDir);
    return [judgeDisk(dataDir, bavail * bsize)];
  } catch (error) {
    if (embedded === null) return [];
    throw error;
  }
}

/** What `serve` keeps on this machine while the database is away; nothing to say where it never needed a spool. */
export async function spoolChecks({ dataDir }: Pick<Environment, "dataDir">): Promise<Check[]> {
  const { records, oldest_seconds: seconds, setAside } = await inspectSpool(dataDir);
  const checks: Check[] = [];
  if (records > 0) {
    checks.push({
      check: "spool",
      status: "warn",
      text: {
        en: `${records} leads, refused payloads and health checks wait on this disk for the database, the oldest for ${seconds} s`,
        de: `${records} Leads, abgewiesene Daten und Prüfungen warten auf dieser Platte auf die Datenbank, am längsten seit ${seconds} s`,
      },
      advice: {
        en: "They are safe. `leadledger serve` brings them into the database as soon as that takes them.",
        de: "Alles davon ist sicher. `leadledger serve` bringt es in die Datenbank, sobald diese es annimmt.",
      },
    });
  }
  if (setAside.length > 0) {
    checks.push({
      check: "spool_set_aside",
      status: "fail",
      text: {
        en: `what could not be read from the spool was set aside: ${setAside.join(", ")}`,
        de: `Unlesbares aus dem Zwischenspeicher wurde beiseitegelegt: ${setAside.join(", ")}`,
      },
      advice: {
        en: "A record torn by a crash was never acknowledged, so its sender has sent it again or been told to. See the log, then remove the files.",
        de: "Was ein Absturz zerrissen hat, wurde nie bestätigt; der Absender hat es noch einmal gesendet oder den Auftrag dazu erhalten. Sehen Sie ins Protokoll und löschen Sie dann die Dateien.",
      },
    });
  }
  return checks;
}

async function keyCheck(
  { keys, embedded }: Installation,
  { rootKeyHex, dataDir }: Environment,
): Promise<Check> {
  const matches = {
    en: `LEADLEDGER_KEY belongs to this database (fingerprint ${keys.fingerprint})`,
    de: `LEADLEDGER_KEY gehört zu dieser Datenbank (Fingerabdruck ${keys.fingerprint})`,
  };
  if (rootKeyHex !== null || embedded === null) return { check: "key", status: "ok", text: matches };
  const path = join(dataDir, "key");
  const text = {
    en: `${path} belongs to this database (fingerprint ${keys.fingerprint})`,
    de: `${path} gehört zu dieser Datenbank (Fingerabdruck ${keys.fingerprint})`,
  };
  const mode = (await stat(path)).mode & 0o777;
  if ((mode & 0o077) === 0) return { check: "key", status: "ok", text };
  return {
    check: "key",
    status: "warn",
    text: { en: `others may read ${path}`, de: `andere dürfen ${path} lesen` },
    advice: { en: `chmod 600 ${path}`, de: `chmod 600 ${path}` },
  };
}

function nodeCheck({ nodeRuns }: DatabaseCondition): Check {
  if (nodeRuns) {
    return {
      check: "server",
      status: "ok",
      text: { en: "LeadLedger is running", de: "LeadLedger läuft" },
    };
  }
  return {
    check: "server",
    status: "warn",
    text: { en: "no LeadLedger is running", de: "es läuft kein LeadLedger" },
    advice: {
      en: "Leads are taken and delivered only while `leadledger serve` runs. If nodes with other roles run, one with the role leader is missing: without it figures stand still.",
      de: "Leads werden nur angenommen und zugestellt, während `leadledger serve` läuft. Laufen Knoten mit anderen Rollen, fehlt einer mit der Rolle leader: Ohne ihn stehen die Zahlen still.",
    },
  };
}

async function booksCheck({ database }: Installation): Promise<Check> {
  const wrong = await findWrongDays(database, await readTimezone(database), booksDays);
  if (wrong.length === 0) {
    return {
      check: "books",
      status: "ok",
      text: {
        en: `the figures of the last ${booksDays} days agree with the leads`,
        de: `die Zahlen der letzten ${booksDays} Tage stimmen mit den Leads überein`,
      },
    };
  }
  return {
    check: "books",
    status: "fail",
    text: {
      en: `the figures do not agree with the leads: ${wrong.join(", ")}`,
      de: `die Zahlen stimmen nicht mit den Leads überein: ${wrong.join(", ")}`,
    },
    advice: {
      en: "`leadledger kpi rebuild` counts afresh. This should never happen: please report it.",
      de: "`leadledger kpi rebuild` zählt neu. Das sollte nie vorkommen: Bitte melden Sie es.",
    },
  };
}

/** LeadLedger leaves a person's row alone, also where it has leads of that day to count. */
function byHandChecks({ countedByHand }: DatabaseCondition): Check[] {
  if (countedByHand.length === 0) return [];
  const days = countedByHand.join(", ");
  return [
    {
      check: "books_by_hand",
      status: "warn",
      text: {
        en: `days with figures entered by hand since the first lead: ${days}. Leads of these days are in no figure`,
        de: `Tage mit von Hand eingetragenen Zahlen seit dem ersten Lead: ${days}. Leads dieser Tage stehen in keiner Zahl`,
      },
      advice: {
        en: "To have such a day counted, let the database's owner delete its row in kpi_daily (by_hand is true there).",
        de: "Soll so ein Tag gezählt werden, muss der Eigentümer der Datenbank seine Zeile in kpi_daily löschen (dort ist by_hand wahr).",
      },
    },
  ];
}

function nobodyCheck({ deliveredToNobody: count }: DatabaseCondition): Check {
  if (count === 0) {
    return {
      check: "nobody",
      status: "ok",
      text: {
        en: "no lead of the last 24 h was left without a destination",
        de: "kein Lead der letzten 24 Stunden blieb ohne Ziel",
      },
    };
  }
  return {
    check: "nobody",
    status: "warn",
    text: {
      en: `leads of the last 24 h that nobody received: ${count}`,
      de: `Leads der letzten 24 Stunden, die niemand bekam: ${count}`,
    },
    advice: {
      en: "`leadledger runs list --outcome no_destination` names them. Give their source a destination.",
      de: "`leadledger runs list --outcome no_destination` nennt sie. Geben Sie ihrer Quelle ein Ziel.",
    },
  };
}

function missingDataChecks({ withoutData: count }: DatabaseCondition): Check[] {
  if (count === 0) return [];
  return [
    {
      check: "data",
      status: "warn",
      text: {
        en: `leads that came as ids and whose data cannot be fetched: ${count}`,
        de: `Leads, die nur als Kennung kamen und deren Daten sich nicht abholen lassen: ${count}`,
      },
      advice: {
        en: "The overview of the dashboard and `leadledger runs show` say why; mostly the source needs a new token.",
        de: "Die Übersicht der Oberfläche und `leadledger runs show` sagen, warum; meist braucht die Quelle ein neues Token.",
      },
    },
  ];
}

function decisionsCheck({ needDecision: count }: DatabaseCondition): Check {
  if (count === 0) {
    return {
      check: "dlq",
      status: "ok",
      text: { en: "nothing waits for a decision", de: "nichts wartet auf eine Entscheidung" },
    };
  }
  return {
    check: "dlq",
    status: "warn",
    text: {
      en: `entries that wait for a decision: ${count}`,
      de: `Klärfälle, die auf eine Entscheidung warten: ${count}`,
    },
    advice: {
      en: "`leadledger dlq list` shows them; then `dlq retry` or `dlq resolve`.",
      de: "`leadledger dlq list` zeigt sie; dann `dlq retry` oder `dlq resolve`.",
    },
  };
}

function overdueChecks({ overdue, nodeRuns }: DatabaseCondition): Check[] {
  if (overdue === 0) return [];
  return [
    {
      check: "overdue",
      status: nodeRuns ? "fail" : "warn",
      text: {
        en: `deliveries that have been due for more than five minutes: ${overdue}`,
        de: `Zustellungen, die seit über fünf Minuten fällig sind: ${overdue}`,
      },
      advice: nodeRuns
        ? {
            en: "See the log of `leadledger serve`.",
            de: "Sehen Sie in das Protokoll von `leadledger serve`.",
          }
        : { en: "Start `leadledger serve`.", de: "Starten Sie `leadledger serve`." },
    },
  ];
}

function stoppedChecks({ stopped, at, by, reason }: DeliverySwitch): Check[] {
  if (!stopped || at === null) return [];
  const why = `${by ?? ""}${reason === null ? "" : `: ${reason}`}`;
  return [
    {
      check: "deliveries",
      status: "warn",
      text: {
        en: `all deliveries have been stopped since ${at.toISOString()} (${why}); leads are taken and wait`,
        de: `alle Zustellungen sind seit ${at.toISOString()} angehalten (${why}); Leads werden angenommen und warten`,
      },
      advice: {
        en: "`leadledger deliveries resume` lets them go on.",
        de: "`leadledger deliveries resume` setzt sie fort.",
      },
    },
  ];
}

function countText(language: "en" | "de", failed: number | null, of: number | null): string {
  return failed === null || of === null ? "" : `${failureCountText({ failed, of })[language]}; `;
}

function leftAloneChecks(circuits: readonly Circuit[]): Check[] {
  return circuits
    .filter(({ state }) => state !== "closed")
    .map(
      ({
        destination,
        reason,
        message,
        next_probe_at: at,
        failed_attempts: failed,
        counted_attempts: of,
      }) => ({
        check: "circuit",
        status: "warn",
        text: {
          en: `${destination} is left alone until ${at?.toISOString() ?? ""}: ${countText("en", failed, of)}${message} (${reason})`,
          de: `${destination} wird bis ${at?.toISOString() ?? ""} in Ruhe gelassen (${reason}): ${countText("de", failed, of)}${message}`,
        },
        advice: {
          en: `Its leads wait. \`leadledger destination try-now ${destination}\` ends the pause.`,
          de: `Seine Leads warten. \`leadledger destination try-now ${destination}\` beendet die Pause.`,
        },
      }),
    );
}
