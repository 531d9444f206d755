// What a kind declares whose sender has one address for several sources: the fields in which each of them says what is its
// own. Which lead belongs to whom is decided in domain/sources/shared-address.ts.
import { optionalText, texts } from "../../../config/fields/plain-fields.ts";
import type { Checking, FieldTexts } from "../../../config/fields/field.ts";
import type { Texts } from "../../../domain/errors/explained.ts";
import { defaultBodyLimitBytes } from "../../../domain/sources/source.ts";
import { formatSize } from "../../../domain/values/duration.ts";

/** Pages of an agency's clients, or forms of one of them. */
export const idsPerSourceMax = 500;

/** The source whose address the sender calls. */
export const viaField = {
  ...optionalText("via", {
    label: { en: "Comes over the address of", de: "Kommt über die Adresse von" },
    help: {
      en: "The name of another source of the same kind, which has the address and the secret: for a sender with one address for several pages or clients. That source then takes only what it lists itself; what nobody lists is kept and needs attention. Empty: this source has an address of its own.",
      de: "Der Name einer anderen Quelle derselben Art, die Adresse und Geheimnis hat: für Absender mit einer einzigen Adresse für mehrere Seiten oder Mandanten. Jene Quelle nimmt dann nur noch an, was sie selbst aufzählt; was niemand aufzählt, wird aufbewahrt und zum Klärfall. Leer: Diese Quelle hat eine eigene Adresse.",
    },
    example: "meta",
    advanced: true,
  }),
  check: (written: unknown, checking: Checking): void => {
    if (typeof written !== "string") return;
    const { name, entry, note } = checking;
    const unfit = (place: string, expected: Texts): void =>
      note("problems", [place], { code: "text_unfit", params: { expected } });
    if (written === name) unfit("via", expectedTexts.otherSource);
    if (entry["paused"] === "refuse") unfit("paused", expectedTexts.notRefusing);
    const { body_limit: bodyLimit, rate_limit: rateLimit } = entry;
    const limitOfAddress = expectedTexts.limitOfAddress(written);
    if (rateLimit !== undefined) unfit("rate_limit", limitOfAddress);
    // A part that was changed says its default, too.
    if (bodyLimit !== undefined && bodyLimit !== formatSize(defaultBodyLimitBytes))
      unfit("body_limit", limitOfAddress);
  },
};

const expectedTexts = {
  otherSource: {
    en: "the name of another source: `via: meta`",
    de: "der Name einer anderen Quelle: `via: meta`",
  },
  notRefusing: {
    en: "`paused: true`, because what one source refuses would be refused to all that share the address",
    de: "`paused: true`, denn was eine Quelle ablehnt, wäre allen abgelehnt, die sich die Adresse teilen",
  },
  /** Both are asked of a request before anybody knows whose its leads are. */
  limitOfAddress: (via: string): Texts => ({
    en: `nothing here: requests are limited where the address is, at ${via}; what one source turns away would be turned away of all that share it`,
    de: `hier nichts: Begrenzt werden Anfragen bei der Quelle, die die Adresse hat (${via}); was eine abwiese, wäre allen abgewiesen, die sich die Adresse teilen`,
  }),
  id: {
    en: "an id as the sender writes it, without spaces",
    de: "eine Kennung, wie der Absender sie schreibt, ohne Leerzeichen",
  },
} as const satisfies Record<string, Texts | ((via: string) => Texts)>;

/** The ids of one mark that are the source's own. */
export function ownIds(member: string, said: FieldTexts) {
  return {
    ...texts(member, { ...said, itemsMax: idsPerSourceMax, advanced: true }),
    check: (written: unknown, { note }: Checking): void => {
      if (!Array.isArray(written)) return;
      for (const [index, id] of written.entries())
        if (typeof id === "string" && /\s/.test(id))
          note("problems", [member, String(index)], {
            code: "text_unfit",
            params: { expected: expectedTexts.id },
          });
    },
  };
}
