// What a newcomer starts with: one source, which the dashboard can change, a leadledger.yaml of commented examples, and the
// curl line that works.
import { open, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { newSourceKey } from "../domain/sources/source.ts";
import { usualSource } from "./declared-kind.ts";
import type { DeclaredKinds } from "./declared-kind.ts";
import type { Entry } from "./fields/field.ts";
import { curlLineOf } from "./samples/curl.ts";
import type { Language } from "./problem.ts";

export const firstSourceName = "website";

/** The source of the first start, as an entry of leadledger.yaml would be; its token is made when it is stored. */
export function firstSourceEntry(kinds: DeclaredKinds): Entry {
  return { auth: { kind: usualSource(kinds)?.kind }, key: newSourceKey, to: null };
}

/** 32 random bytes as 43 characters that need no quoting in YAML, in a header or in a shell. */
export function newToken(randomBytes: (size: number) => Uint8Array): string {
  return Buffer.from(randomBytes(32)).toString("base64url");
}

/**
 * Writes the file with mode 0600, because secrets will stand in it, and never over an existing one.
 * @returns false if there is such a file already
 * @throws what the file system throws (folder missing, not writable, disk full)
 */
export async function writeFirstConfiguration(path: string, lang: Language): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, "wx", 0o600);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  try {
    await file.writeFile(firstConfiguration(lang));
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

/** The text of that file; it loads without a problem or a warning, and configures nothing. */
export function firstConfiguration(lang: Language): string {
  return lang === "de" ? german : english;
}

/** Whether it is still the file of the first start. */
export function isFirstConfiguration(text: string): boolean {
  return text === english || text === german;
}

/** One line for a POSIX shell; the first run is answered 202 `accepted`, every further one 200 `duplicate`. */
export function curlLine({
  token,
  publicAddress,
  ...listener
}: Listener & { readonly token: string; readonly publicAddress?: string | undefined }): string {
  return curlLineOf({
    address: publicAddress ?? addressOf(listener),
    source: firstSourceName,
    proof: "bearer",
    secret: { value: token },
    keyPointer: null,
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

const english = `# What LeadLedger takes in, and where it delivers it, as far as it is to stand in a file. After a change: leadledger apply
# Nothing here is in force yet: what stands here is changed here alone, everything else in the dashboard or by command.
# To use a line, remove the # in front of it. Secrets need not stand here: \${NAME} is replaced by the environment
# variable NAME.

# Days in reports begin and end in this time zone.
# timezone: Europe/Berlin

# Who may post leads. Each source has its own address: POST /webhook/lead/<name of the source>
# There is one already, "website", which was made at the first start: \`leadledger source list\`.
# sources:
#   landing-page:
#     # The sender proves who it is with this token: "Authorization: Bearer <token>" or "X-Api-Key: <token>".
#     # Stronger still: kind hmac, where the sender signs each lead.
#     auth: { kind: token, secret: \${LANDING_PAGE_TOKEN} }
#     # How a lead that is sent twice is recognised: by the header "Idempotency-Key" where there is one, else the same
#     # content about the same person within 10 minutes is the same lead. Without \`key\` the header is required.
#     key: { header: preferred, body_hash: 10m }
#     # key: { pointer: /lead_id }   # or: the key is in the field lead_id

# Where leads go. Without a destination leads are recorded and kept, but nobody receives them
# (they are marked "no_destination").
# destinations:
#   crm:
#     kind: http
#     url: https://crm.example/api/leads
#     secret: \${CRM_SECRET}          # signs each delivery, so that the CRM can check where it comes from
#     headers: { X-Team: inbound }   # sent with each delivery
`;

const german = `# Was LeadLedger annimmt und wohin es liefert, soweit es in einer Datei stehen soll. Nach einer Änderung: leadledger apply
# Noch gilt hier nichts. Was hier steht, wird nur hier geändert, alles andere in der Oberfläche oder mit Befehlen.
# Um eine Zeile zu verwenden, entfernen Sie das # davor. Geheimnisse müssen nicht hier stehen: \${NAME} wird durch die
# Umgebungsvariable NAME ersetzt.

# In dieser Zeitzone beginnen und enden die Tage der Auswertungen.
# timezone: Europe/Berlin

# Wer Leads einliefern darf. Jede Quelle hat ihre eigene Adresse: POST /webhook/lead/<Name der Quelle>
# Eine gibt es schon, „website“, angelegt beim ersten Start: \`leadledger source list\`.
# sources:
#   landing-page:
#     # Mit diesem Token weist sich der Absender aus: "Authorization: Bearer <Token>" oder "X-Api-Key: <Token>".
#     # Noch sicherer: kind hmac, dann signiert der Absender jeden Lead.
#     auth: { kind: token, secret: \${LANDING_PAGE_TOKEN} }
#     # Woran ein doppelt gesendeter Lead erkannt wird: am Header "Idempotency-Key", wo es einen gibt; sonst ist derselbe
#     # Inhalt zu derselben Person binnen 10 Minuten derselbe Lead. Ohne \`key\` wird der Header verlangt.
#     key: { header: preferred, body_hash: 10m }
#     # key: { pointer: /lead_id }   # oder: die Kennung steht im Feld lead_id

# Wohin Leads gehen. Ohne Ziel werden Leads verzeichnet und aufbewahrt, aber niemand bekommt sie
# (sie sind mit "no_destination" gekennzeichnet).
# destinations:
#   crm:
#     kind: http
#     url: https://crm.example/api/leads
#     secret: \${CRM_SECRET}          # signiert jede Zustellung, damit das CRM ihre Herkunft prüfen kann
#     headers: { X-Team: inbound }   # wird mit jeder Zustellung gesendet
`;
