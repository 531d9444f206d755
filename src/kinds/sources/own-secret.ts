// The field for a secret that is set up in the sender's system, under the name that it has there.
import { credentials } from "../../config/fields/credentials.ts";
import type { FieldTexts } from "../../config/fields/field.ts";

/** `needlessWith`: a member with which the source needs none. */
export function ownSecret(one: Pick<FieldTexts, "label" | "help">, needlessWith?: string) {
  return credentials({
    format: "secret",
    ...(needlessWith === undefined ? {} : { needlessWith }),
    one,
    several: {
      label: { en: "Several secrets", de: "Mehrere Geheimnisse" },
      help: {
        en: "Instead of one: up to ten that are valid at once, each with an end if you like.",
        de: "Statt des einen: bis zu zehn, die zugleich gelten, auf Wunsch jedes mit einem Ende.",
      },
      advanced: true,
    },
  });
}
