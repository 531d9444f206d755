// Warnings and errors of the log about delivering leads.
import { explained } from "../domain/errors/explained.ts";
import type { Explained } from "../domain/errors/explained.ts";
import type { TroubleEvent } from "../domain/node/log.ts";

export type DeliveryEvent = Extract<
  TroubleEvent,
  | "attempt_failed"
  | `circuit_${string}`
  | `claim_${string}`
  | `completion_${string}`
  | `delivery_${string}`
  | "destination_unusable"
  | "lane_not_closed"
  | "lead_not_completed"
  | "leases_not_returned"
  | "limit_not_asked"
  | "limit_not_noted"
  | "opening_hours_in_utc"
  | `outcome_${string}`
  | "recovery_refused"
  | "renewal_refused"
  | "settlement_failed"
>;

export const deliveryEventTexts = {
  completion_version_differs: explained("unaffected", "operator", {
    en: [
      "A vendor's interface answered in another version than was asked for",
      "It does not know the version that the source asks for (`asked`), or has ended it, and answers in another one (`answered`) without an error. What is fetched may lack members.",
      "Set `api_version` of the source to a version that is in force.",
    ],
    de: [
      "Die Schnittstelle eines Anbieters antwortet in einer anderen Version als verlangt",
      "Sie kennt die Version, die die Quelle verlangt (`asked`), nicht oder nicht mehr und antwortet ohne Fehler in einer anderen (`answered`). Dem Abgeholten kann etwas fehlen.",
      "Setzen Sie `api_version` der Quelle auf eine Version, die gilt.",
    ],
  }),
  lead_not_completed: explained("incomplete", "operator", {
    en: [
      "The data of a lead that came as an id could not be fetched",
      "`code` says why; the lead waits, and nothing of it is delivered.",
      "Look the code up (`leadledger explain`). What can mend itself is tried again by itself.",
    ],
    de: [
      "Die Daten eines Leads, der nur als Kennung kam, ließen sich nicht abholen",
      "`code` sagt, warum; der Lead wartet, zugestellt wird noch nichts.",
      "Schlagen Sie den Code nach (`leadledger explain`). Was sich von selbst geben kann, wird von selbst erneut versucht.",
    ],
  }),
  attempt_failed: explained("retried_perhaps_arrived", "operator", {
    en: [
      "An attempt to deliver met a mistake of the program",
      "While it was delivering, LeadLedger met something that it was not prepared for.",
      "Pass `error` on to whoever looks after LeadLedger.",
    ],
    de: [
      "Ein Zustellversuch stieß auf einen Programmfehler",
      "Beim Zustellen stieß LeadLedger auf etwas, auf das es nicht vorbereitet war.",
      "Geben Sie `error` an den weiter, der LeadLedger betreut.",
    ],
  }),
  circuit_opened: explained("waits", "destination", {
    en: [
      "A destination is left alone for now",
      "The destination asked to wait, refused the credentials, or is set up wrongly. Nothing is sent to it meanwhile; its leads wait and use up no attempt. Then one lead tries, and when it arrives the others follow, slowly at first.",
      "Nothing, if it asked to wait: `pause_ms` says how long. If the credentials are refused (`destination_auth`), or a setting does not fit (`destination_configuration`), mend it; it is tried at once then.",
    ],
    de: [
      "Ein Ziel wird vorerst in Ruhe gelassen",
      "Das Ziel bat um eine Pause, lehnt die Zugangsdaten ab oder ist falsch eingerichtet. Bis dahin wird nichts dorthin gesendet; seine Leads warten, ohne dass ein Versuch gezählt wird. Dann probiert es ein einzelner Lead, und kommt er an, folgen die anderen, anfangs langsam.",
      "Bat es um eine Pause, ist nichts zu tun: `pause_ms` sagt, wie lange. Lehnt es die Zugangsdaten ab (`destination_auth`) oder passt eine Einstellung nicht (`destination_configuration`), berichtigen Sie das; danach wird es sofort versucht.",
    ],
  }),
  circuit_not_changed: explained("retried", "operator", {
    en: [
      "That a destination is left alone could not be written down",
      "This node leaves it alone; the others may not know it yet. Mostly the database is the cause, and it settles itself.",
      "If it lasts, look at the database; `error` says what it is.",
    ],
    de: [
      "Dass ein Ziel in Ruhe gelassen wird, ließ sich nicht festhalten",
      "Dieser Knoten lässt es in Ruhe; die anderen wissen vielleicht noch nichts davon. Meist liegt es an der Datenbank und gibt sich von selbst.",
      "Bleibt es so, sehen Sie nach der Datenbank; `error` sagt, was es ist.",
    ],
  }),
  claim_failed: explained("retried", "operator", {
    en: [
      "Due deliveries could not be fetched",
      "LeadLedger asked the database what has to be delivered, and got no usable answer. It asks again by itself.",
      "If it lasts, look after the database.",
    ],
    de: [
      "Fällige Zustellungen ließen sich nicht holen",
      "LeadLedger hat die Datenbank gefragt, was zuzustellen ist, und keine brauchbare Antwort bekommen. Es fragt von selbst wieder.",
      "Bleibt es so, sehen Sie nach der Datenbank.",
    ],
  }),
  claim_refused: explained("retried", "operator", {
    en: [
      "The database does not let a delivery begin",
      "A rule of the database stands in the way for this one lead, one that LeadLedger did not make. After several tries it becomes something that needs attention.",
      "`error` names the rule. Look whether somebody added rules of their own to the tables (triggers, constraints).",
    ],
    de: [
      "Die Datenbank lässt eine Zustellung nicht beginnen",
      "Bei diesem einen Lead steht eine Regel der Datenbank im Weg, die nicht von LeadLedger stammt. Nach mehreren Versuchen wird daraus ein Klärfall.",
      "`error` nennt die Regel. Prüfen Sie, ob jemand die Tabellen um eigene Regeln ergänzt hat (Trigger, Bedingungen).",
    ],
  }),
  delivery_failed: explained("retried", "nobody", {
    en: [
      "A lead could not be delivered",
      "A destination did not take a lead. `outcome` says why, as a code of its own.",
      "Look the code up: `leadledger explain <code>`. Most of it settles itself; what does not is listed under what needs attention.",
    ],
    de: [
      "Ein Lead ließ sich nicht zustellen",
      "Ein Ziel hat einen Lead nicht angenommen. `outcome` sagt, warum, mit einem eigenen Code.",
      "Schlagen Sie den Code nach: `leadledger explain <Code>`. Das meiste gibt sich von selbst; was sich nicht gibt, steht bei den Klärfällen.",
    ],
  }),
  delivery_not_given_up: explained("waits", "operator", {
    en: [
      "A delivery could not be put where people decide about it",
      "The database lets a delivery neither begin nor end. It stays where it is.",
      "`error` names the rule of the database that stands in the way. Remove it; the lead is delivered then.",
    ],
    de: [
      "Eine Zustellung ließ sich nicht zum Klärfall machen",
      "Die Datenbank lässt eine Zustellung weder beginnen noch enden. Sie bleibt, wo sie ist.",
      "`error` nennt die Regel der Datenbank, die im Weg steht. Entfernen Sie sie; der Lead wird dann zugestellt.",
    ],
  }),
  destination_unusable: explained("waits", "operator", {
    en: [
      "A destination cannot be used",
      "The settings of a destination are such that LeadLedger cannot even begin to send to it.",
      "Correct the settings of the destination that `destination` names. What waits is then delivered by itself.",
    ],
    de: [
      "Ein Ziel ist nicht benutzbar",
      "Die Einstellungen eines Ziels sind so, dass LeadLedger gar nicht erst anfangen kann zu senden.",
      "Berichtigen Sie die Einstellungen des Ziels, das `destination` nennt. Was wartet, wird dann von selbst zugestellt.",
    ],
  }),
  lane_not_closed: explained("retried", "nobody", {
    en: [
      "Connections to a destination did not end cleanly",
      "A destination was changed or removed, and something went wrong while its old connections were being closed.",
      "Nothing. Another LeadLedger, or this one, takes up what was on its way.",
    ],
    de: [
      "Verbindungen zu einem Ziel endeten nicht sauber",
      "Ein Ziel wurde geändert oder entfernt, und beim Schließen der alten Verbindungen ging etwas schief.",
      "Nichts. Ein anderes LeadLedger oder dieses nimmt wieder auf, was unterwegs war.",
    ],
  }),
  limit_not_asked: explained("retried", "operator", {
    en: [
      "How much may be sent to a destination could not be asked",
      "The destination has limits, which all nodes count together in the database. It gave no usable answer, so nothing is sent there for a moment; then it is asked again by itself. The leads wait, no attempt is counted.",
      "If it lasts, look at the database; `error` says what it is.",
    ],
    de: [
      "Wie viel an ein Ziel gesendet werden darf, ließ sich nicht erfragen",
      "Das Ziel hat Grenzen, die alle Knoten gemeinsam in der Datenbank zählen. Sie gab keine brauchbare Antwort, deshalb wird dorthin einen Augenblick lang nichts gesendet; danach wird von selbst wieder gefragt. Die Leads warten, ohne dass ein Versuch gezählt wird.",
      "Bleibt es so, sehen Sie nach der Datenbank; `error` sagt, was es ist.",
    ],
  }),
  limit_not_noted: explained("retried", "operator", {
    en: [
      "That a destination is not open could not be written down",
      "This node keeps its opening hours all the same. Until it is written, dashboard and alarms may take waiting leads for overdue ones.",
      "If it lasts, look at the database; `error` says what it is.",
    ],
    de: [
      "Dass ein Ziel geschlossen ist, ließ sich nicht festhalten",
      "Dieser Knoten hält sich trotzdem an die Öffnungszeiten. Bis es festgehalten ist, gelten wartende Leads in Dashboard und Warnungen womöglich als überfällig.",
      "Bleibt es so, sehen Sie nach der Datenbank; `error` sagt, was es ist.",
    ],
  }),
  leases_not_returned: explained("retried", "nobody", {
    en: [
      "Deliveries that were not begun could not be given back",
      "LeadLedger was stopping, and the database did not take note of it. Others take these deliveries over a little later.",
      "Nothing.",
    ],
    de: [
      "Nicht begonnene Zustellungen ließen sich nicht zurückgeben",
      "LeadLedger wurde angehalten, und die Datenbank hat es nicht vermerkt. Andere übernehmen diese Zustellungen etwas später.",
      "Nichts.",
    ],
  }),
  opening_hours_in_utc: explained("waits", "operator", {
    en: [
      "A destination's opening hours are kept in UTC",
      "This node does not know the reporting time zone, though the database does. So the destination opens and closes by UTC here, perhaps hours off; leads wait as ever.",
      "Choose a time zone that both know, or bring this machine up to date.",
    ],
    de: [
      "Die Öffnungszeiten eines Ziels gelten in UTC",
      "Dieser Knoten kennt die Zeitzone der Auswertung nicht, die Datenbank schon. Das Ziel öffnet und schließt hier deshalb nach UTC, womöglich um Stunden versetzt; Leads warten wie sonst auch.",
      "Wählen Sie eine Zeitzone, die beide kennen, oder bringen Sie diesen Rechner auf den neuesten Stand.",
    ],
  }),
  outcome_settled_late: explained("unaffected", "nobody", {
    en: [
      "The outcome of a delivery was written down late",
      "The database did not take the outcome at first; now it has.",
      "Nothing. If it happens often, the database has too much to do.",
    ],
    de: [
      "Wie eine Zustellung ausging, wurde verspätet vermerkt",
      "Die Datenbank hat das Ergebnis zunächst nicht angenommen; jetzt steht es darin.",
      "Nichts. Geschieht das oft, hat die Datenbank zu viel zu tun.",
    ],
  }),
  outcome_unsettled: explained("retried_perhaps_arrived", "operator", {
    en: [
      "The outcome of a delivery cannot be written down",
      "A lead was sent, but the database refuses to note how it ended. LeadLedger keeps the outcome and tries again and again.",
      "`error` says what the database said. Do not restart LeadLedger before it is mended: the outcome is in its memory only.",
    ],
    de: [
      "Wie eine Zustellung ausging, lässt sich nicht vermerken",
      "Ein Lead wurde gesendet, aber die Datenbank nimmt nicht an, wie es ausging. LeadLedger behält das Ergebnis und versucht es immer wieder.",
      "`error` gibt wieder, was die Datenbank gesagt hat. Starten Sie LeadLedger nicht neu, bevor das behoben ist: Das Ergebnis steht nur in seinem Arbeitsspeicher.",
    ],
  }),
  recovery_refused: explained("retried", "operator", {
    en: [
      "An interrupted attempt cannot be taken up again",
      "A LeadLedger died while it was delivering, and a rule of the database keeps the others from going on.",
      "`error` names the rule. Look whether somebody added rules of their own to the tables (triggers, constraints).",
    ],
    de: [
      "Ein abgebrochener Versuch lässt sich nicht wieder aufnehmen",
      "Ein LeadLedger ist beim Zustellen ausgefallen, und eine Regel der Datenbank hindert die anderen daran weiterzumachen.",
      "`error` nennt die Regel. Prüfen Sie, ob jemand die Tabellen um eigene Regeln ergänzt hat (Trigger, Bedingungen).",
    ],
  }),
  renewal_refused: explained("retried_perhaps_arrived", "operator", {
    en: [
      "A delivery under way cannot be marked as taken",
      "A rule of the database keeps LeadLedger from saying that it is still delivering a lead. Another one may therefore send it too.",
      "`error` names the rule. Look whether somebody added rules of their own to the tables (triggers, constraints).",
    ],
    de: [
      "Eine laufende Zustellung lässt sich nicht als belegt kennzeichnen",
      "Eine Regel der Datenbank hindert LeadLedger daran zu sagen, dass es einen Lead noch zustellt. Ein anderes sendet ihn vielleicht auch.",
      "`error` nennt die Regel. Prüfen Sie, ob jemand die Tabellen um eigene Regeln ergänzt hat (Trigger, Bedingungen).",
    ],
  }),
  settlement_failed: explained("retried_perhaps_arrived", "operator", {
    en: [
      "The database did not take the outcome of a delivery",
      "A lead was sent, and noting how it ended did not succeed at once. LeadLedger tries again.",
      "If it lasts, look after the database: `error` says what it said.",
    ],
    de: [
      "Die Datenbank hat das Ergebnis einer Zustellung nicht angenommen",
      "Ein Lead wurde gesendet, und der Vermerk, wie es ausging, gelang nicht sofort. LeadLedger versucht es wieder.",
      "Bleibt es so, sehen Sie nach der Datenbank: `error` gibt wieder, was sie gesagt hat.",
    ],
  }),
} as const satisfies Record<DeliveryEvent, Explained>;
