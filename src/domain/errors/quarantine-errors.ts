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
} as const satisfies Record<string, CatalogueEntry>;
