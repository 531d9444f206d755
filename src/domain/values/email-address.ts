// An e-mail address in the form in which it is found again, however it was written.
import { domainToASCII, domainToUnicode } from "node:url";
import { copiedEmail } from "./copied-contact.ts";

/** Lower case, NFC, international domains in ASCII; null unless it is one plausible address of at most 254 bytes. */
export function normaliseEmail(raw: string): string | null {
  // Nearly every one is plain, and all others take ten times as long.
  if (raw.length <= emailBytesMax && plainEmail.test(raw)) return raw.toLowerCase();
  if (raw.length > emailInputUnitsMax) return null;
  const match = emailParts(raw) ?? emailParts(copiedEmail(raw));
  if (match === null) return null;
  const [, local = "", domain = ""] = match;
  const asciiDomain = isAscii(domain) ? domain : domainToASCII(domain);
  const normalised = `${local}@${asciiDomain}`;
  return asciiDomain === "" || Buffer.byteLength(normalised) > emailBytesMax ? null : normalised;
}

/** What `normaliseEmail` makes, as people read it: `info@müller.de`. */
export function readableEmail(normalised: string): string {
  const at = normalised.lastIndexOf("@");
  if (!normalised.includes("xn--", at)) return normalised;
  const domain = domainToUnicode(normalised.slice(at + 1));
  return domain === "" ? normalised : `${normalised.slice(0, at)}@${domain}`;
}

/** Every address in a text that may hold several: `a@b.de; c@d.de`. Normalised, each once. */
export function emailsIn(text: string): string[] {
  const whole = normaliseEmail(text);
  if (whole !== null) return [whole];
  if (!text.includes("@") || text.length > emailInputUnitsMax) return [];
  const found = text.split(/[\s,;|]+/).flatMap((part) => normaliseEmail(part) ?? []);
  return [...new Set(found)].slice(0, emailsMax);
}

/** null for what is not plainly an address; what may stand around one is for `copiedEmail`. */
function emailParts(raw: string): RegExpExecArray | null {
  const email = raw.trim().toLowerCase().normalize("NFC");
  return /^([^\s@\p{C}<>"„“”«»(),:;]{1,64})@([^\s@\p{C}<>"„“”«»(),:;?]+\.[^\s@\p{C}.<>"„“”«»(),:;?]+)$/u.exec(
    email,
  );
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** There is nothing in it but letters that have one form. */
const plainEmail = /^[a-z0-9._+-]{1,64}@[a-z0-9.-]+\.[a-z0-9-]+$/i;

/** RFC 5321 section 4.5.3.1.3 allows 256 octets with the angle brackets. */
const emailBytesMax = 254;
const emailInputUnitsMax = 1000;
const emailsMax = 10;
