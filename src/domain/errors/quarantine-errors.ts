// Errors of working on what was turned away and is kept aside.
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";

export const quarantineErrors = {
  quarantine_unknown: entry(404, "unaffected", "caller", {
    en: [
      "Nothing is kept aside under this id",
      "It was released or discarded already, or dropped: after seven days, or because newer ones needed its place.",
      "GET /quarantine lists what there is. What became of it is in the audit log (quarantine_released, quarantine_discarded).",
    ],
    de: [
      "Unter dieser Nummer ist nichts aufbewahrt",
      "Es wurde schon angenommen oder verworfen, oder es wurde gelöscht: nach sieben Tagen oder weil neuere den Platz brauchten.",
      "GET /quarantine listet auf, was da ist. Was daraus wurde, steht im Protokoll (quarantine_released, quarantine_discarded).",
    ],
  }),
  release_refused: entry(409, "unchanged", "operator", {
    en: [
      "It cannot be taken in as a lead, and stays where it is",
      "What came cannot be read as a lead, or its source is gone. It goes on being kept until its seven days are over.",
      "`reason` says why. Copy from it by hand what is needed, have the sender corrected, and discard it.",
    ],
    de: [
      "Es lässt sich nicht als Lead annehmen und bleibt, wo es ist",
      "Was kam, ist nicht als Lead zu lesen, oder seine Quelle gibt es nicht mehr. Es bleibt aufbewahrt, bis die sieben Tage um sind.",
      "`reason` sagt, warum. Übernehmen Sie von Hand, was gebraucht wird, lassen Sie den Absender berichtigen, und verwerfen Sie es dann.",
    ],
  }),
  /** What a sender said, under which it is kept; it is nobody's answer. */
  erasure_requested: entry(200, "unaffected", "operator", {
    en: [
      "A person's data are to be erased",
      "A sender said that somebody had a lead or a contact deleted there. That is no lead: it is kept aside for seven days, and the lead that came earlier stands as it was.",
      "Find the lead by the id in what was kept, decide whether it must be erased here and where it was delivered to, and discard the notice when that is done.",
    ],
    de: [
      "Daten einer Person sollen gelöscht werden",
      "Ein Absender hat gemeldet, dass jemand dort einen Lead oder Kontakt löschen ließ. Das ist kein Lead: Die Meldung wird sieben Tage beiseitegelegt, und der früher gekommene Lead steht noch, wie er war.",
      "Suchen Sie den Lead anhand der Kennung in der Meldung, entscheiden Sie, ob er hier und in den Zielen gelöscht werden muss, und verwerfen Sie die Meldung, wenn das erledigt ist.",
    ],
  }),
} as const satisfies Record<string, CatalogueEntry>;
