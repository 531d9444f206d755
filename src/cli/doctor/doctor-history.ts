// Whether the database still has what it had before, as the doctor sees it: setbacks that nobody has acknowledged, and
// what this data folder remembers, also where no node runs.
import type { Environment } from "../../config/environment.ts";
import { listSetbacks } from "../../ledger/log/history.ts";
import { findSetback } from "../../runtime/history-watch.ts";
import type { Installation } from "../../runtime/installation.ts";
import { missingText } from "../database/db-setbacks.ts";
import type { Check } from "./doctor-check.ts";
import type { Texts } from "../frame/language.ts";
import type { TimeText } from "../frame/times.ts";

const shownMax = 20;

export async function checkHistory(
  { database, keys }: Installation,
  { dataDir }: Environment,
  times: TimeText,
): Promise<Check[]> {
  const open = await listSetbacks(database, "open", shownMax);
  const found = open.length > 0 ? null : await findSetback(database, dataDir, keys.fingerprint);
  if (open.length === 0 && found === null) {
    const text = {
      en: "the database has everything that this data folder remembers",
      de: "die Datenbank hat alles, woran sich dieser Datenordner erinnert",
    };
    return [{ check: "history", status: "ok", text }];
  }
  const here = found === null ? [] : [failed(missingText(unnumbered(found), times), null)];
  return [...open.map((each) => failed(missingText(each, times), each.setback_id)), ...here];
}

function unnumbered(found: NonNullable<Awaited<ReturnType<typeof findSetback>>>) {
  return {
    since: found.since,
    until: found.remembered.eventTime,
    events_max: found.eventsMax,
    leads_missing: found.leadsMissing,
    other_server: found.otherServer,
  };
}

/** `setbackId`: null where no node has written it down yet. */
function failed(missing: Texts, setbackId: number | null): Check {
  const command = setbackId === null ? "leadledger db setbacks" : `leadledger db acknowledge ${setbackId}`;
  return {
    check: "history",
    status: "fail",
    text: {
      en: `the database has gone back, by a restored backup or a standby that was behind. Missing: ${missing.en}`,
      de: `die Datenbank ist zurückgefallen, durch eine eingespielte Sicherung oder einen Standby im Rückstand. Es fehlt: ${missing.de}`,
    },
    advice: {
      en: `Have what came in between sent again under the same keys, or bring it over from the old database. Then: ${command}`,
      de: `Lassen Sie mit denselben Schlüsseln noch einmal senden, was dazwischen kam, oder holen Sie es aus der alten Datenbank. Danach: ${command}`,
    },
  };
}
