// What serve warns of at start about how it can be reached.
import type { App } from "../../app.ts";
import { isLoopbackHost } from "../../config/configuration.ts";
import type { Configuration } from "../../config/configuration.ts";
import { notAppliedText, takenOverText } from "../settings/apply.ts";
import type { CommandContext } from "../frame/command.ts";
import { timezoneText } from "../frame/timezone-text.ts";

const expiryWarningMs = 14 * 24 * 3_600_000;

/** What of the file is not in force. */
export function fileWarnings(
  { say, language }: CommandContext,
  { refusedRemovals, clientFault, takenOver, timezoneMisfit }: App,
  configPath: string,
): string[] {
  const list = refusedRemovals.map(({ name }) => name).join(", ");
  const refused = {
    en: `${configPath} was not applied: it lacks a whole section and would switch off ${list}. What was applied last holds. If they are meant to go, write the section as {}, or run \`leadledger apply --yes\`. [configuration_refused]`,
    de: `${configPath} wurde nicht angewendet: Ein ganzer Abschnitt fehlt, ${list} würde abgeschaltet. Es gilt, was zuletzt angewendet wurde. Ist das gewollt, schreiben Sie den Abschnitt als {}, oder rufen Sie \`leadledger apply --yes\` auf. [configuration_refused]`,
  };
  return [
    ...(refusedRemovals.length === 0 ? [] : [say(refused)]),
    ...(clientFault === null ? [] : [notAppliedText(configPath, clientFault, language)]),
    ...(timezoneMisfit === null ? [] : [timezoneText(configPath, timezoneMisfit, language)]),
    ...takenOver.map((part) => say(takenOverText(part))),
  ];
}

/** What passwords and personal data are exposed to on their way. */
export function listeningWarnings(
  { say }: CommandContext,
  { scheme, host, certificateExpiresAt }: App,
  configuration: Configuration | null,
): string[] {
  const warnings: string[] = [];
  if (scheme === "http" && !isLoopbackHost(host) && (configuration?.trustProxy ?? []).length === 0) {
    warnings.push(
      say({
        en: `HOST=${host} is open to the network without TLS: leads, passwords and keys can be read on the way. LEADLEDGER_TLS_CERT and LEADLEDGER_TLS_KEY name a certificate; behind a reverse proxy, say so with trust_proxy.`,
        de: `HOST=${host} ist ohne TLS aus dem Netz erreichbar: Leads, Passwörter und API-Schlüssel sind unterwegs mitlesbar. LEADLEDGER_TLS_CERT und LEADLEDGER_TLS_KEY nennen ein Zertifikat; hinter einem Reverse-Proxy nennen Sie ihn in trust_proxy.`,
      }),
    );
  }
  if (certificateExpiresAt !== null && certificateExpiresAt.getTime() < Date.now() + expiryWarningMs) {
    const day = certificateExpiresAt.toISOString().slice(0, 10);
    warnings.push(
      say({
        en: `The TLS certificate expires on ${day}. New files are noticed by themselves.`,
        de: `Das TLS-Zertifikat läuft am ${day} ab. Neue Dateien werden von selbst bemerkt.`,
      }),
    );
  }
  return warnings;
}
