// What can be said of a website form, each declared once.
import { optionalSecret } from "../../../config/fields/secret-fields.ts";
import {
  choice,
  duration,
  optionalText,
  plain,
  described,
  texts,
} from "../../../config/fields/plain-fields.ts";
import type { Checking, Field, FieldTexts } from "../../../config/fields/field.ts";
import type { Format } from "../../../config/value-rules.ts";
import type { Texts } from "../../../domain/errors/explained.ts";
import { formatRate, formatSize, parseRate, parseSize } from "../../../domain/values/duration.ts";
import type { RateLimit } from "../../../domain/values/duration.ts";
import { isOrigin } from "./origins.ts";
import { isPage } from "./thank-you.ts";

const originsMax = 50;

export const formFields = {
  origins: {
    ...texts("origins", {
      label: { en: "Websites", de: "Websites" },
      help: {
        en: "The websites that the form is on, with https:// and without a path; https://*.example.com means all below. What comes from another one goes into the quarantine, and no script there can read an answer. Empty: any website. Browsers tell the truth about it; programs need not.",
        de: "Die Websites, auf denen das Formular steht, mit https:// und ohne Pfad; https://*.example.com meint alle darunter. Was von einer anderen kommt, geht in die Quarantäne, und kein Skript dort kann eine Antwort lesen. Leer: jede Website. Browser sagen dazu die Wahrheit, Programme müssen es nicht.",
      },
      example: "https://www.example.com",
      itemsMax: originsMax,
    }),
    check: (written: unknown, checking: Checking): void => {
      if (!Array.isArray(written)) return;
      for (const [index, each] of written.entries())
        if (typeof each === "string" && !isOrigin(each))
          unfit(checking, ["origins", String(index)], expected.origin);
    },
  },
  thankYou: {
    ...optionalText("thank_you", {
      label: { en: "Thank-you page", de: "Dankeseite" },
      help: {
        en: "Where the visitor goes afterwards: a path of the website, or an address. A form may name another one in the hidden field _thank_you, on the websites of the list. Empty: a plain page in the visitor's language.",
        de: "Wohin der Besucher danach kommt: ein Pfad der Website oder eine Adresse. Ein Formular darf im versteckten Feld _thank_you eine andere nennen, auf den Websites der Liste. Leer: eine schlichte Seite in der Sprache des Besuchers.",
      },
      example: "/danke",
    }),
    check: (written: unknown, checking: Checking): void => {
      if (typeof written === "string" && !isPage(written)) unfit(checking, ["thank_you"], expected.page);
    },
  },
  honeypot: optionalText("honeypot", {
    label: { en: "Trap for spam programs", de: "Falle für Spam-Programme" },
    help: {
      en: "The name of a field that people do not see. Whatever comes with something in it goes into the quarantine. Choose a name that no browser fills in by itself.",
      de: "Der Name eines Feldes, das Menschen nicht sehen. Was mit einem Inhalt darin kommt, geht in die Quarantäne. Wählen Sie einen Namen, den kein Browser von selbst ausfüllt.",
    },
    example: "betreff_2",
  }),
  files: choice("files", {
    label: { en: "Files", de: "Dateien" },
    help: {
      en: "What is kept of files that visitors attach.",
      de: "Was von Dateien bleibt, die Besucher anhängen.",
    },
    preset: "describe",
    options: [
      {
        value: "describe",
        label: { en: "Describe", de: "Beschreiben" },
        help: {
          en: "Name, type, size and SHA-256 alone; the content is thrown away.",
          de: "Nur Name, Typ, Größe und SHA-256; der Inhalt wird verworfen.",
        },
      },
      {
        value: "keep",
        label: { en: "Keep", de: "Behalten" },
        help: {
          en: "The content, too, in the lead and in what is delivered, up to a size.",
          de: "Auch den Inhalt, im Lead und in dem, was zugestellt wird, bis zu einer Größe.",
        },
      },
    ],
    advanced: true,
  }),
  fileLimitBytes: size("file_limit", {
    label: { en: "Largest file that is kept", de: "Größte Datei, die behalten wird" },
    help: {
      en: "A larger one is described. All of a form together must fit into body_limit, described or not.",
      de: "Eine größere wird beschrieben. Alles in einem Formular zusammen muss in body_limit passen, auch was nur beschrieben wird.",
    },
    presetBytes: 1_048_576,
    advanced: true,
  }),
  minFillTimeMs: duration("min_fill_time", {
    label: { en: "Fastest that people write", de: "So schnell schreiben Menschen höchstens" },
    help: {
      en: "A form says in the field _fill_ms how long it was looked at. Whatever came faster and is full of links goes into the quarantine; haste alone is no reason.",
      de: "Ein Formular sagt im Feld _fill_ms, wie lange es betrachtet wurde. Was schneller kam und voller Links ist, geht in die Quarantäne; Eile allein ist kein Grund.",
    },
    format: "duration-window",
    presetMs: 2_000,
    advanced: true,
  }),
  addressLimit: rate("address_limit", {
    label: { en: "Forms from one address at most", de: "Höchstens so viele Formulare von einer Adresse" },
    help: {
      en: "Per address of the network, on each node. What is more goes into the quarantine, and more than twice as much is asked to come again later. Servers are not limited. Addresses are kept as keyed hashes, in memory, for a day.",
      de: "Je Netzwerkadresse, auf jedem Knoten. Was darüber ist, geht in die Quarantäne; mehr als das Doppelte soll später wiederkommen. Server sind nicht begrenzt. Adressen bleiben als Hashes mit Schlüssel, im Arbeitsspeicher, für einen Tag.",
    },
    preset: "60/h",
    advanced: true,
  }),
  token: optionalSecret("token", {
    label: { en: "Token", de: "Token" },
    help: {
      en: "Only for senders that can keep one, such as a server of yours: whatever stands in a public page is no secret. If there is one, all requests need it.",
      de: "Nur für Absender, die eines hüten können, etwa einen eigenen Server: Was in einer öffentlichen Seite steht, ist kein Geheimnis. Ist eines angegeben, brauchen es alle Anfragen.",
    },
    format: "token",
    advanced: true,
  }),
} as const;

const expected = {
  origin: {
    en: "a website such as https://www.example.com, without a path",
    de: "eine Website wie https://www.example.com, ohne Pfad",
  },
  page: {
    en: "a path that begins with one slash, such as /thank-you, or an address with https://",
    de: "ein Pfad mit einem Schrägstrich am Anfang, etwa /danke, oder eine Adresse mit https://",
  },
} as const satisfies Record<string, Texts>;

function unfit({ note }: Checking, place: readonly string[], said: Texts): void {
  note("problems", place, { code: "text_unfit", params: { expected: said } });
}

/** Its value is in bytes. */
function size(member: string, said: FieldTexts & { readonly presetBytes: number }): Field<number> {
  const { presetBytes } = said;
  return written(member, said, "size", formatSize(presetBytes), parseSize, formatSize);
}

function rate(member: string, said: FieldTexts & { readonly preset: string }): Field<RateLimit> {
  return written(member, said, "rate", said.preset, parseRate, formatRate);
}

/** A text that stands for a value. */
function written<Value>(
  member: string,
  said: FieldTexts,
  format: Format,
  preset: string,
  parse: (text: string) => Value | null,
  write: (value: Value) => string,
): Field<Value> {
  const schema = described(said, { type: "string", format, default: preset });
  return {
    ...plain<Value>(member, "text", said, schema),
    shown: { member, schema: { type: "string" }, of: write },
    read: (text) => {
      const value = parse(typeof text === "string" ? text : preset);
      if (value === null) throw new Error("the configuration was built before it was checked");
      return value;
    },
    write,
  };
}
