// What is wrong with how a timestamp or a signature is written, for whoever has to correct the sender.
import type { Texts } from "../../../domain/errors/explained.ts";

/** How far a signed timestamp may be off, into the past and into the future. */
export const timestampToleranceMs = 300_000;

/** In another unit than seconds, or no number at all. null: whole unix seconds. */
export function timestampFault(timestamp: string, nowMs: number): Texts | null {
  if (/^[0-9]{1,11}$/.test(timestamp)) return null;
  const expected = String(Math.floor(nowMs / 1_000));
  const { en, de } = writtenAs(timestamp);
  return {
    en: `X-Timestamp came as ${en}. Expected: whole unix seconds, now for example ${expected}.`,
    de: `X-Timestamp kam als ${de}. Erwartet: ganze Unix-Sekunden, jetzt zum Beispiel ${expected}.`,
  };
}

/** What of it may be shown is shown: somebody may have put a secret there. */
function writtenAs(text: string): Texts {
  const unit = /^[0-9]+$/.test(text) ? units.find(({ digitsMax }) => text.length <= digitsMax) : undefined;
  if (unit !== undefined) return { en: `${text}: ${unit.en}`, de: `${text}: ${unit.de}` };
  if (/^[0-9]{1,20}[.,][0-9]{1,12}$/.test(text))
    return { en: `${text}: a number with decimals`, de: `${text}: eine Zahl mit Nachkommastellen` };
  if (/^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.,]{4,18}(?:Z|[+-][0-9:]{2,6})?)?$/i.test(text))
    return { en: `${text}: a date (ISO 8601)`, de: `${text}: ein Datum (ISO 8601)` };
  if (/^[A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$/.test(text))
    return { en: `${text}: a date as in HTTP headers`, de: `${text}: ein Datum wie in HTTP-Kopfzeilen` };
  return {
    en: `a text of ${text.length} characters that is no number`,
    de: `ein Text von ${text.length} Zeichen, der keine Zahl ist`,
  };
}

/** Unix times of this century by how many digits they have. */
const units = [
  { digitsMax: 14, en: "milliseconds", de: "Millisekunden" },
  { digitsMax: 17, en: "microseconds", de: "Mikrosekunden" },
  { digitsMax: 20, en: "nanoseconds", de: "Nanosekunden" },
] as const;

/** Of a timestamp in whole seconds that is too far off. */
export function staleness(timestamp: string, nowMs: number): Texts {
  const seconds = Number(timestamp);
  const at = new Date(seconds * 1_000).toISOString().replace(".000", "");
  const now = new Date(Math.floor(nowMs / 1_000) * 1_000).toISOString().replace(".000", "");
  const off = Math.abs(Math.round(nowMs / 1_000 - seconds));
  const isZone = off % 1_800 <= zoneSlackSeconds || 1_800 - (off % 1_800) <= zoneSlackSeconds;
  const zone = isZone && off < 15 * 3_600;
  const side = seconds * 1_000 < nowMs ? (["behind", "nach"] as const) : (["ahead", "vor"] as const);
  const allowed = timestampToleranceMs / 1_000;
  return {
    en: `X-Timestamp came as ${timestamp}, that is ${at}; here it is ${now}. It is ${off} s ${side[0]}; ${allowed} s are tolerated.${zone ? " That is a time zone: unix seconds count from 1970 in UTC everywhere." : ""}`,
    de: `X-Timestamp kam als ${timestamp}, das ist ${at}; hier ist es ${now}. Das sind ${off} s ${side[1] === "vor" ? "zu viel" : "zu wenig"}; ${allowed} s sind erlaubt.${zone ? " Das ist eine Zeitzone: Unix-Sekunden zählen überall ab 1970 in UTC." : ""}`,
  };
}

const zoneSlackSeconds = 30;

/** Of a signature that is not the right one. */
export function signatureForm(signature: string): Texts {
  if (/^sha256=[0-9a-f]{64}$/i.test(signature)) {
    return {
      en: 'It has the right form: the secret is a different one, or other bytes were signed than were sent, or not as "<X-Timestamp>.<raw body>".',
      de: "Die Form stimmt: Das Geheimnis ist ein anderes, oder es wurden andere Bytes signiert als gesendet, oder nicht als „<X-Timestamp>.<roher Inhalt>“.",
    };
  }
  const { en, de } = writtenSignature(signature);
  return {
    en: `X-Signature is ${en}. Expected: sha256= and 64 hex digits.`,
    de: `X-Signature ist ${de}. Erwartet: sha256= und 64 Hex-Ziffern.`,
  };
}

function writtenSignature(text: string): Texts {
  if (/^[0-9a-f]{64}$/i.test(text)) return { en: "without sha256= in front", de: "ohne sha256= davor" };
  if (/^(?:sha256=)?[A-Za-z0-9+/_-]{43}=?$/.test(text))
    return { en: "base64 instead of hex", de: "Base64 statt Hex" };
  if (/^(?:sha1|md5|sha512)=/i.test(text))
    return { en: "by another hash than SHA-256", de: "mit einem anderen Hash als SHA-256" };
  if (/^(?:t|v1)=/.test(text))
    return { en: "a list as of another system", de: "eine Liste wie von einem anderen System" };
  return {
    en: `written otherwise (${text.length} characters)`,
    de: `anders geschrieben (${text.length} Zeichen)`,
  };
}
