// Writes the leadledger.yaml that a newcomer starts with, and the curl line that works with it.
import { open, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { curlLineOf } from "./samples/curl.ts";
import type { Language } from "./problem.ts";

export const firstSourceName = "website";

/** 32 random bytes as 43 characters that need no quoting in YAML, in a header or in a shell. */
export function newToken(randomBytes: (size: number) => Uint8Array): string {
  return Buffer.from(randomBytes(32)).toString("base64url");
}

/**
 * Writes the file with mode 0600, because it contains a token, and never over an existing one.
 * @returns false if there is such a file already
 * @throws what the file system throws (folder missing, not writable, disk full)
 */
export async function writeFirstConfiguration(
  path: string,
  { token, lang }: { readonly token: string; readonly lang: Language },
): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, "wx", 0o600);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  try {
    await file.writeFile(firstConfiguration(token, lang));
    await file.sync();
    return true;
  } catch (error) {
    // Half a configuration (disk full) would stand in the way of the next start.
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** The text of that file; it loads without a problem or a warning. */
export function firstConfiguration(token: string, lang: Language): string {
  return (lang === "de" ? german : english).replace("TOKEN", () => token);
}

/** One line for a POSIX shell; the first run is answered 202 `accepted`, every further one 200 `duplicate`. */
export function curlLine({ token, ...listener }: Listener & { readonly token: string }): string {
  return curlLineOf({
    ...{ address: addressOf(listener), source: firstSourceName, auth: "token" },
    ...{ secret: { value: token }, keyPointer: null },
  });
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Absent: http. */
  readonly scheme?: "http" | "https";
}

/** Where the server is reached from the machine that it runs on. */
export function addressOf({ host, port, scheme = "http" }: Listener): string {
  return `${scheme}://${reachableHost(host)}:${port}`;
}

// Nobody can connect to "all addresses"; from the same machine loopback reaches them.
function reachableHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

const english = `# What LeadLedger takes in, and where it delivers it. After a change: leadledger apply
# Secrets need not stand here: \${NAME} is replaced by the environment variable NAME.

# Days in reports begin and end in this time zone.
timezone: Europe/Berlin

# Who may post leads. Each source has its own address: POST /webhook/lead/<name of the source>
sources:
  website:
    # The sender proves who it is with this token: "Authorization: Bearer <token>" or "X-Api-Key: <token>".
    # It was made for you just now and is secret. Stronger still: kind hmac, where the sender signs each lead.
    auth: { kind: token, secret: "TOKEN" }
    # Each lead needs a key of its own in the header "Idempotency-Key"; a second lead with the same key is
    # recognised as a duplicate. A sender that cannot set headers:
    # key: { body_hash: 10m }        # the same content within 10 minutes is the same lead
    # key: { pointer: /lead_id }     # or: the key is in the field lead_id

# Where leads go. There is no destination yet: leads are recorded and kept, but nobody receives them
# (they are marked "no_destination"). To deliver them to a CRM, remove the # in front of these lines:
destinations:
  # crm:
  #   kind: http
  #   url: https://crm.example/api/leads
  #   secret: \${CRM_SECRET}          # signs each delivery, so that the CRM can check where it comes from
  #   headers: { X-Team: inbound }   # sent with each delivery
`;

const german = `# Was LeadLedger annimmt und wohin es liefert. Nach einer Änderung: leadledger apply
# Geheimnisse müssen nicht hier stehen: \${NAME} wird durch die Umgebungsvariable NAME ersetzt.

# In dieser Zeitzone beginnen und enden die Tage der Auswertungen.
timezone: Europe/Berlin

# Wer Leads einliefern darf. Jede Quelle hat ihre eigene Adresse: POST /webhook/lead/<Name der Quelle>
sources:
  website:
    # Mit diesem Token weist sich der Absender aus: "Authorization: Bearer <Token>" oder "X-Api-Key: <Token>".
    # Es wurde eben für Sie erzeugt und ist geheim. Noch sicherer: kind hmac, dann signiert der Absender jeden Lead.
    auth: { kind: token, secret: "TOKEN" }
    # Jeder Lead braucht einen eigenen Schlüssel im Header "Idempotency-Key"; ein zweiter Lead mit demselben
    # Schlüssel wird als Dublette erkannt. Für Absender, die keine Header setzen können:
    # key: { body_hash: 10m }        # derselbe Inhalt binnen 10 Minuten ist derselbe Lead
    # key: { pointer: /lead_id }     # oder: der Schlüssel steht im Feld lead_id

# Wohin Leads gehen. Noch gibt es kein Ziel: Leads werden verzeichnet und aufbewahrt, aber niemand bekommt sie
# (sie sind mit "no_destination" gekennzeichnet). Um an ein CRM zu liefern, entfernen Sie die # vor diesen Zeilen:
destinations:
  # crm:
  #   kind: http
  #   url: https://crm.example/api/leads
  #   secret: \${CRM_SECRET}          # signiert jede Lieferung, damit das CRM ihre Herkunft prüfen kann
  #   headers: { X-Team: inbound }   # wird mit jeder Lieferung gesendet
`;
