// Errors of the API for people and programs that work with LeadLedger; those of intake are in error-catalogue.ts.
import { exchangeErrors } from "./exchange-errors.ts";
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { accountErrors } from "./account-errors.ts";
import { dlqErrors } from "./dlq-errors.ts";
import { entry } from "./error-catalogue-entry.ts";
import { partErrors } from "./part-errors.ts";

const unchanged = { en: "Nothing was changed.", de: "Es wurde nichts geändert." } as const;

export const apiErrors = {
  request_invalid: entry(
    400,
    [
      "The request does not have the shape that this call needs",
      `${unchanged.en} \`reason\` says what does not fit; /api/docs describes the call.`,
    ],
    [
      "Die Anfrage hat nicht die Form, die dieser Aufruf braucht",
      `${unchanged.de} \`reason\` sagt, was nicht passt; /api/docs beschreibt den Aufruf.`,
    ],
  ),
  cursor_invalid: entry(
    400,
    ["This cursor does not belong to this list", "Begin with the first page, without `cursor`."],
    ["Dieser Cursor gehört nicht zu dieser Liste", "Beginnen Sie mit der ersten Seite, ohne `cursor`."],
  ),
  unauthenticated: entry(
    401,
    [
      "No valid credentials",
      `${unchanged.en} Sign in, or send an API key as \`Authorization: Bearer <key>\`.`,
    ],
    [
      "Keine gültige Anmeldung",
      `${unchanged.de} Melden Sie sich an, oder senden Sie einen API-Schlüssel als \`Authorization: Bearer <Schlüssel>\`.`,
    ],
  ),
  forbidden: entry(
    403,
    [
      "Your role does not allow this",
      `${unchanged.en} Somebody with the role admin can do it, or give you another role.`,
    ],
    [
      "Ihre Rolle erlaubt das nicht",
      `${unchanged.de} Wer die Rolle admin hat, kann es tun oder Ihnen eine andere Rolle geben.`,
    ],
  ),
  cross_site_request: entry(
    403,
    [
      "This request came from another site",
      `${unchanged.en} Changes are made from LeadLedger's own pages, or with an API key.`,
    ],
    [
      "Diese Anfrage kam von einer fremden Seite",
      `${unchanged.de} Änderungen gehen von LeadLedgers eigenen Seiten aus oder mit einem API-Schlüssel.`,
    ],
  ),
  database_unavailable: entry(
    503,
    [
      "The database is out of reach",
      "Every lead that was accepted is safe. Try again after the time in Retry-After; if you were changing something, look first whether it was changed.",
    ],
    [
      "Die Datenbank ist nicht erreichbar",
      "Jeder angenommene Lead ist sicher. Versuchen Sie es nach der Zeit in Retry-After noch einmal; wenn Sie etwas ändern wollten, sehen Sie zuerst nach, ob es geändert ist.",
    ],
  ),
  too_many_streams: entry(
    503,
    [
      "Too many live views are open on this node",
      "Come again a little later; the lists show the same, without coming by themselves.",
    ],
    [
      "Auf diesem Knoten sind zu viele Live-Ansichten offen",
      "Versuchen Sie es etwas später noch einmal; die Listen zeigen dasselbe, nur nicht von selbst.",
    ],
  ),
  run_unknown: entry(
    404,
    ["There is no such lead", "GET /api/v1/runs lists the leads."],
    ["Diesen Lead gibt es nicht", "GET /api/v1/runs zeigt die Leads."],
  ),
  dlq_entry_unknown: entry(
    404,
    ["There is no such entry", "GET /api/v1/dlq lists the entries."],
    ["Diesen Klärfall gibt es nicht", "GET /api/v1/dlq zeigt die Klärfälle."],
  ),
  changed_meanwhile: entry(
    412,
    [
      "Somebody else has changed this meanwhile",
      `${unchanged.en} Read it again, and make your change to what is there now.`,
    ],
    [
      "Das hat inzwischen jemand anderes geändert",
      `${unchanged.de} Lesen Sie es neu, und ändern Sie, was jetzt dort steht.`,
    ],
  ),
  ...accountErrors,
  ...partErrors,
  ...exchangeErrors,
  ...dlqErrors,
} as const satisfies Record<string, CatalogueEntry>;
