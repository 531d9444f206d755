// One finding of the doctor, and the judgements that need nothing but numbers.
import type { Texts } from "../frame/language.ts";

export type CheckStatus = "ok" | "warn" | "fail";

export interface Check {
  /** Stable name for programs: `database`, `disk`, `destination:crm`. */
  readonly check: string;
  readonly status: CheckStatus;
  readonly text: Texts;
  /** What to do about it. */
  readonly advice?: Texts;
}

const mebibyte = 1024 ** 2;
const diskFailBytes = 256 * mebibyte;
const diskWarnBytes = 2_048 * mebibyte;
const driftWarnMs = 2_000;
/** Receivers of signed deliveries tolerate five minutes; four leave room for the way there. */
const driftFailMs = 240_000;
const expiryWarnMs = 14 * 24 * 3_600_000;

/** `freeBytes` of the disk that holds `path`. */
export function judgeDisk(path: string, freeBytes: number): Check {
  const free = bytesText(freeBytes);
  const text = { en: `${free.en} free under ${path}`, de: `${free.de} frei unter ${path}` };
  if (freeBytes >= diskWarnBytes) return { check: "disk", status: "ok", text };
  return {
    check: "disk",
    status: freeBytes < diskFailBytes ? "fail" : "warn",
    text,
    advice: {
      en: "Make room: on a full disk no lead can be stored, and senders get 503 until there is some.",
      de: "Schaffen Sie Platz: Auf einer vollen Platte lässt sich kein Lead speichern, Absender erhalten dann 503.",
    },
  };
}

/** `driftMs`: this machine's clock minus the database's. */
export function judgeClock(driftMs: number): Check {
  const size = Math.abs(driftMs);
  const seconds = (size / 1_000).toFixed(1);
  if (size < driftWarnMs) {
    return {
      check: "clock",
      status: "ok",
      text: { en: "agrees with the database's", de: "stimmt mit der der Datenbank überein" },
    };
  }
  return {
    check: "clock",
    status: size < driftFailMs ? "warn" : "fail",
    text: {
      en: `${seconds} s ${driftMs > 0 ? "ahead of" : "behind"} the database's`,
      de: `geht gegenüber der Datenbank ${seconds.replace(".", ",")} s ${driftMs > 0 ? "vor" : "nach"}`,
    },
    advice: {
      en: "Let NTP set both clocks: receivers refuse signed deliveries whose time is minutes away from theirs.",
      de: "Lassen Sie beide Uhren per NTP stellen: Empfänger lehnen signierte Zustellungen ab, deren Zeit um Minuten abweicht.",
    },
  };
}

/** A secret of a source by its last valid instant; null: nothing to say about it. */
export function judgeExpiry(
  source: string,
  notAfter: Date | null,
  shown: string,
  nowMs: number,
): Check | null {
  if (notAfter === null || notAfter.getTime() - nowMs > expiryWarnMs) return null;
  const expired = notAfter.getTime() < nowMs;
  return {
    check: `secret:${source}`,
    status: "warn",
    text: expired
      ? {
          en: `a secret of ${source} expired on ${shown}`,
          de: `ein Geheimnis von ${source} ist am ${shown} abgelaufen`,
        }
      : {
          en: `a secret of ${source} expires on ${shown}`,
          de: `ein Geheimnis von ${source} läuft am ${shown} ab`,
        },
    advice: expired
      ? {
          en: "Remove it from the configuration if all senders have the new one.",
          de: "Entfernen Sie es aus der Konfiguration, wenn alle Absender das neue haben.",
        }
      : {
          en: "Give the senders a new one in time; both can be valid at once.",
          de: "Geben Sie den Absendern rechtzeitig ein neues; beide dürfen zugleich gelten.",
        },
  };
}

/** `1.5 GB`, `1,5 GB`, in powers of 1024. */
export function bytesText(bytes: number): Texts {
  const mebibytes = bytes / mebibyte;
  const en = mebibytes < 1_024 ? `${Math.round(mebibytes)} MB` : `${(mebibytes / 1_024).toFixed(1)} GB`;
  return { en, de: en.replace(".", ",") };
}
