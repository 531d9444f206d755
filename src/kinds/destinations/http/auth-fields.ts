// The ways in which a delivery proves to its receiver where it comes from: one of them is chosen, `auth: { kind: … }`.
import { choice, optionalText, text } from "../../../config/fields/plain-fields.ts";
import { optionalSecret, secretText } from "../../../config/fields/secret-fields.ts";
import { ways } from "../../../config/fields/ways.ts";
import type { WayOf } from "../../../config/fields/ways.ts";
import type { Checking, Field } from "../../../config/fields/field.ts";
import { valueRules } from "../../../config/value-rules.ts";
import { clientCredentialsFields } from "../oauth2/fields.ts";

const basic = {
  username: text("username", {
    label: { en: "User name", de: "Benutzername" },
    help: {
      en: "It is shown to whoever may see settings.",
      de: "Er wird allen gezeigt, die Einstellungen sehen dürfen.",
    },
    example: "leadledger",
  }),
  password: optionalSecret("password", {
    label: { en: "Password", de: "Passwort" },
    help: { en: "Empty: none.", de: "Leer: keines." },
  }),
} as const;

const bearer = {
  token: secretText("token", {
    format: "token",
    label: { en: "Token", de: "Token" },
    help: {
      en: "As the receiver gave it to you, without the word Bearer.",
      de: "So, wie Sie es vom Empfänger haben, ohne das Wort Bearer.",
    },
  }),
} as const;

const apiKey = {
  key: secretText("key", {
    format: "header-value",
    label: { en: "API key", de: "API-Schlüssel" },
    help: { en: "As the receiver gave it to you.", de: "So, wie Sie ihn vom Empfänger haben." },
  }),
  in: choice("in", {
    label: { en: "Where it stands", de: "Wo er steht" },
    help: {
      en: "What the receiver's documentation says.",
      de: "Wie in der Dokumentation des Empfängers angegeben.",
    },
    options: [
      {
        value: "header",
        label: { en: "In a header", de: "In einem Header" },
        help: { en: "The better way.", de: "Der bessere Weg." },
      },
      {
        value: "query",
        label: { en: "In the address (query)", de: "In der Adresse (Query)" },
        help: {
          en: "Proxies on the way may write addresses, and the key with them, into their logs.",
          de: "Proxys auf dem Weg schreiben Adressen und damit den Schlüssel womöglich in ihre Logs.",
        },
      },
    ],
    preset: "header",
  }),
  name: {
    ...text("name", {
      label: { en: "Name of the header or parameter", de: "Name des Headers oder Parameters" },
      help: {
        en: "Under which the receiver looks for the key.",
        de: "Unter dem der Empfänger den Schlüssel sucht.",
      },
      example: "X-Api-Key",
    }),
    check: checkKeyName,
  } satisfies Field<string>,
} as const;

const hmac = {
  secret: secretText("secret", {
    label: { en: "Key of the signature", de: "Schlüssel der Signatur" },
    help: {
      en: "Which both sides know; its UTF-8 bytes are the key.",
      de: "Den beide Seiten kennen; seine UTF-8-Bytes sind der Schlüssel.",
    },
  }),
  header: optionalText("header", {
    format: "header-name",
    label: { en: "Header of the signature", de: "Header der Signatur" },
    help: { en: "Empty: `X-Signature`.", de: "Leer: `X-Signature`." },
    example: "X-Hub-Signature-256",
  }),
  algorithm: choice("algorithm", {
    label: { en: "Hash", de: "Hash" },
    help: { en: "The hash of the HMAC.", de: "Der Hash des HMAC." },
    options: [
      {
        value: "sha256",
        label: { en: "SHA-256", de: "SHA-256" },
        help: { en: "The usual one.", de: "Der übliche." },
      },
      {
        value: "sha512",
        label: { en: "SHA-512", de: "SHA-512" },
        help: { en: "Where the receiver asks for it.", de: "Wo der Empfänger es verlangt." },
      },
      {
        value: "sha1",
        label: { en: "SHA-1", de: "SHA-1" },
        help: { en: "Only for old receivers.", de: "Nur für alte Empfänger." },
      },
    ],
    preset: "sha256",
    advanced: true,
  }),
  encoding: choice("encoding", {
    label: { en: "Encoding of the signature", de: "Kodierung der Signatur" },
    help: {
      en: "How the signature's bytes are written.",
      de: "Wie die Bytes der Signatur geschrieben werden.",
    },
    options: [
      {
        value: "hex",
        label: { en: "Hexadecimal", de: "Hexadezimal" },
        help: { en: "In lower case.", de: "In Kleinbuchstaben." },
      },
      {
        value: "base64",
        label: { en: "Base64", de: "Base64" },
        help: { en: "With padding.", de: "Mit Auffüllzeichen." },
      },
    ],
    preset: "hex",
    advanced: true,
  }),
  prefix: optionalText("prefix", {
    format: "header-value",
    label: { en: "Before the signature", de: "Vor der Signatur" },
    help: {
      en: "What stands before it in the header. Empty: nothing.",
      de: "Was im Header davor steht. Leer: nichts.",
    },
    example: "sha256=",
    advanced: true,
  }),
  signed: choice("signed", {
    label: { en: "What is signed", de: "Was signiert wird" },
    help: {
      en: "With the time in it nobody can send an old delivery once more.",
      de: "Mit der Zeit darin kann niemand eine alte Zustellung noch einmal senden.",
    },
    options: [
      {
        value: "{body}",
        label: { en: "The body", de: "Der Inhalt" },
        help: { en: "Byte by byte, as it is sent.", de: "Byte für Byte, wie er gesendet wird." },
      },
      {
        value: "{timestamp}.{body}",
        label: { en: "Time and body", de: "Zeit und Inhalt" },
        help: {
          en: "The time (unix seconds) stands in the header `X-Timestamp`, too. Another LeadLedger takes it so.",
          de: "Die Zeit (Unix-Sekunden) steht auch im Header `X-Timestamp`. So nimmt es ein anderes LeadLedger an.",
        },
      },
    ],
    preset: "{body}",
    advanced: true,
  }),
} as const;

const httpWays = {
  none: {
    label: { en: "None", de: "Keine" },
    help: {
      en: "Or what stands in the headers. A signing secret signs all the same.",
      de: "Oder was in den Headern steht. Ein Signaturgeheimnis signiert trotzdem.",
    },
    fields: {},
  },
  basic: {
    label: { en: "User name and password (Basic)", de: "Benutzername und Passwort (Basic)" },
    help: {
      en: "In the header Authorization, with every delivery.",
      de: "Im Header Authorization, mit jeder Zustellung.",
    },
    fields: basic,
  },
  bearer: {
    label: { en: "Token (Bearer)", de: "Token (Bearer)" },
    help: {
      en: "One that does not change, in the header Authorization.",
      de: "Eines, das sich nicht ändert, im Header Authorization.",
    },
    fields: bearer,
  },
  api_key: {
    label: { en: "API key", de: "API-Schlüssel" },
    help: {
      en: "In a header or a parameter with a name of the receiver's.",
      de: "In einem Header oder Parameter, dessen Namen der Empfänger vorgibt.",
    },
    fields: apiKey,
  },
  oauth2: {
    label: { en: "OAuth 2.0 (client credentials)", de: "OAuth 2.0 (Client Credentials)" },
    help: {
      en: "Tokens are fetched with an ID and a secret and renewed by themselves.",
      de: "Tokens werden mit einer ID und einem Secret geholt und von selbst erneuert.",
    },
    fields: clientCredentialsFields,
  },
  hmac: {
    label: { en: "Signature (HMAC)", de: "Signatur (HMAC)" },
    help: {
      en: "As many receivers of webhooks check it: a signature over the body, in a header.",
      de: "Wie viele Empfänger von Webhooks sie prüfen: eine Signatur über den Inhalt, in einem Header.",
    },
    fields: hmac,
  },
  standard_webhooks: {
    label: { en: "Signature (Standard Webhooks)", de: "Signatur (Standard Webhooks)" },
    help: {
      en: "With the signing secret, which can be replaced without a gap.",
      de: "Mit dem Signaturgeheimnis, das sich ohne Unterbrechung ersetzen lässt.",
    },
    fields: {},
  },
} as const;

export type HttpAuth = WayOf<typeof httpWays>;

export const httpAuth = ways("auth", httpWays, {
  preset: "none",
  label: { en: "Proof to the receiver", de: "Nachweis beim Empfänger" },
  help: {
    en: "How the receiver knows that a delivery comes from you.",
    de: "Woran der Empfänger erkennt, dass eine Zustellung von Ihnen kommt.",
  },
  description: "How deliveries prove where they come from; absent: as `headers` and `secret` say.",
  option: { name: "auth", title: { en: "proof", de: "Nachweis" } },
});

/** A header that belongs to us cannot hold it; a parameter may be called anything. */
function checkKeyName(written: unknown, { entry, note }: Checking): void {
  if (typeof written !== "string" || written === "" || entry["in"] === "query") return;
  const said = valueRules["header-name"](written);
  if (said !== null) note("problems", ["name"], said);
}

/** That what a way takes from outside of `auth` is there. */
export function checkHttpAuth({ entry, note }: Checking): void {
  const { kind } = (entry["auth"] ?? {}) as { readonly kind?: unknown };
  if (kind === "standard_webhooks" && entry["secret"] === undefined)
    note("problems", [], {
      code: "key_missing",
      params: { key: "secret", example: "secret: ${CRM_SECRET}" },
    });
}
