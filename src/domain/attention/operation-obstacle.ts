// Why an operation left something alone, where it is not one of the errors that a single entry or lead meets.
import { explained } from "../errors/explained.ts";
import type { Explained } from "../errors/explained.ts";

export const operationObstacles = {
  no_longer_matching: explained("unchanged", "nobody", {
    en: [
      "It did not match any more when its turn came",
      "A job for many leads or entries had been ordered. Until it came to this one, somebody or LeadLedger itself had settled it.",
      "Nothing: what had to be done was done already.",
    ],
    de: [
      "Passte nicht mehr, als es an der Reihe war",
      "Eine Sammelaktion war beauftragt. Bis dieser Fall an der Reihe war, hatte ihn jemand oder LeadLedger selbst schon erledigt.",
      "Nichts: Was zu tun war, ist schon getan.",
    ],
  }),
  database_refused: explained("unchanged", "operator", {
    en: [
      "The database refused the change",
      "A rule of the database stood in the way, one that LeadLedger did not make. The job went on with the others.",
      "Look into the log of the database, and whether somebody added rules of their own to its tables (triggers, constraints).",
    ],
    de: [
      "Die Datenbank hat die Änderung abgelehnt",
      "Eine Regel der Datenbank stand im Weg, die nicht von LeadLedger stammt. Mit den übrigen Fällen ging es weiter.",
      "Sehen Sie ins Log der Datenbank, und ob jemand deren Tabellen um eigene Regeln ergänzt hat (Trigger, Bedingungen).",
    ],
  }),
} as const satisfies Record<string, Explained>;

export type OperationObstacle = keyof typeof operationObstacles;

export function isOperationObstacle(code: string): code is OperationObstacle {
  return Object.hasOwn(operationObstacles, code);
}
