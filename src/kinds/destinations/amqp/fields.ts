// What is to say about a destination of kind `amqp`.
import { connectionUrl } from "../../../config/fields/connection-url.ts";
import type { Field } from "../../../config/fields/field.ts";
import { optionalText, text } from "../../../config/fields/plain-fields.ts";
import type { FieldTexts } from "../../../config/fields/field.ts";
import { passwordField, userField } from "../connection-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { mapFields } from "../map-fields.ts";
import { sendingFields } from "../shared-fields.ts";

/** AMQP 0-9-1 section 4.2.5.3: a short string. */
const nameMaxBytes = 255;

const exchangeTexts: FieldTexts = {
  label: { en: "Exchange", de: "Exchange" },
  help: {
    en: "Where leads are published. Absent: the default exchange, whose routing key is the name of a queue.",
    de: "Wohin Leads veröffentlicht werden. Ohne Angabe der Standard-Exchange, dessen Routing-Key der Name einer Queue ist.",
  },
  example: "leads",
  option: { title: { en: "exchange", de: "Exchange" } },
};

export const amqpFields = {
  url: connectionUrl("url", {
    protocols: ["amqps:", "amqp:"],
    expected: {
      en: "amqps://host:5671/vhost (or amqp:// without encryption), with a user and a password or without; special characters in a password are written as in URLs (# is %23), or it goes into the field of its own",
      de: "amqps://host:5671/vhost (oder amqp:// ohne Verschlüsselung), mit oder ohne Benutzer und Passwort; Sonderzeichen im Passwort stehen darin wie in URLs (# ist %23), oder es kommt in das eigene Feld",
    },
    fits: ({ search }) => search === "",
    label: { en: "Address", de: "Adresse" },
    help: {
      en: "Broker and virtual host. amqps:// is encrypted, and the certificate is checked; with amqp:// leads and password cross the network readably.",
      de: "Broker und Virtual Host. amqps:// ist verschlüsselt, das Zertifikat wird geprüft; mit amqp:// gehen Leads und Passwort lesbar durchs Netz.",
    },
    example: "amqps://rabbit.example/sales",
    option: {
      name: "address",
      text: { en: "broker and virtual host", de: "Broker und Virtual Host" },
      title: { en: "address", de: "Adresse" },
    },
  }),
  user: userField,
  password: passwordField,
  exchange: { ...optionalText("exchange", exchangeTexts), check: checkName("exchange") },
  routingKey: {
    ...text("routing_key", {
      label: { en: "Routing key", de: "Routing-Key" },
      help: {
        en: "By which the exchange finds the queue. A queue must be bound for it; without one nothing is lost, but nothing is delivered either.",
        de: "Danach findet der Exchange die Queue. Eine Queue muss dafür gebunden sein; ohne sie geht nichts verloren, aber es wird auch nichts zugestellt.",
      },
      example: "leads.new",
      option: { title: { en: "routing key", de: "Routing-Key" } },
    }),
    check: checkName("routing_key"),
  },
  ...mapFields,
  ...sendingFields,
} as const;

export type AmqpDestination = DestinationOf<typeof amqpFields>;

export function amqpPort(protocol: string): number {
  return protocol === "amqps:" ? 5_671 : 5_672;
}

function checkName(member: string): NonNullable<Field<unknown>["check"]> {
  return (written, { note }) => {
    if (typeof written === "string" && Buffer.byteLength(written) > nameMaxBytes)
      note("problems", [member], { code: "text_unfit", params: { expected: nameExpected } });
  };
}

const nameExpected = {
  en: `at most ${nameMaxBytes} bytes`,
  de: `höchstens ${nameMaxBytes} Bytes`,
};
