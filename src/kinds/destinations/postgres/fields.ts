// What is to say about a destination of kind `postgres`.
import { connectionParts, connectionUrl } from "../../../config/fields/connection-url.ts";
import type { ConnectionParts } from "../../../config/fields/connection-url.ts";
import type { Checking, Field, FieldTexts } from "../../../config/fields/field.ts";
import { count, text } from "../../../config/fields/plain-fields.ts";
import { passwordField, tlsField, userField } from "../connection-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { mapFields } from "../map-fields.ts";
import { sendingFields } from "../shared-fields.ts";

export const postgresPort = 5_432;
/** PostgreSQL cuts longer names off (NAMEDATALEN), and then means another table. */
const identifierMaxBytes = 63;
/** A database has fewer connections than a web server has. */
const defaultConnections = 4;

export const postgresFields = {
  url: connectionUrl("url", {
    protocols: ["postgresql:", "postgres:"],
    expected: {
      en: "postgresql://host:5432/database, with a user and a password or without; special characters in a password are written as in URLs (# is %23), or it goes into the field of its own",
      de: "postgresql://host:5432/datenbank, mit oder ohne Benutzer und Passwort; Sonderzeichen im Passwort stehen darin wie in URLs (# ist %23), oder es kommt in das eigene Feld",
    },
    fits: ({ pathname, searchParams }) => pathname.length > 1 && [...searchParams].every(isKnownParameter),
    label: { en: "Address", de: "Adresse" },
    help: {
      en: "Server and database, as psql takes it; what a provider gives as connection string can be pasted. One host: a pooler or a virtual address stands for several.",
      de: "Server und Datenbank, wie psql sie annimmt; die Verbindungszeile eines Anbieters kann so eingefügt werden. Ein Host: Für mehrere steht ein Pooler oder eine virtuelle Adresse.",
    },
    example: "postgresql://db.example:5432/crm",
    option: {
      name: "address",
      text: { en: "server and database", de: "Server und Datenbank" },
      title: { en: "address", de: "Adresse" },
    },
  }),
  user: userField,
  password: passwordField,
  schema: identifier("schema", "public", {
    label: { en: "Schema", de: "Schema" },
    help: { en: "The schema of the table.", de: "Das Schema der Tabelle." },
    option: { title: { en: "schema", de: "Schema" } },
  }),
  table: {
    ...text("table", {
      label: { en: "Table", de: "Tabelle" },
      help: {
        en: "Gets a row for each lead. The user may INSERT into it and SELECT its column run_id. It has the columns run_id (primary key or unique), source, received_at, lead and data, and revision where leads can be changed later.",
        de: "Bekommt eine Zeile je Lead. Der Benutzer darf INSERT in die Tabelle und SELECT auf ihre Spalte run_id. Sie hat die Spalten run_id (Primärschlüssel oder eindeutig), source, received_at, lead und data sowie revision, wenn Leads nachträglich geändert werden können.",
      },
      example: "leads",
      option: { title: { en: "table", de: "Tabelle" } },
    }),
    check: checkIdentifier("table"),
  },
  tls: tlsField,
  ...mapFields,
  ...sendingFields,
  concurrency: count("concurrency", {
    min: 1,
    max: 100,
    preset: defaultConnections,
    description: "Deliveries under way at once, per node: as many connections, too.",
    label: { en: "Deliveries at once", de: "Gleichzeitige Zustellungen" },
    help: {
      en: "On each node; as many connections are made when there is much to do.",
      de: "Auf jedem Knoten; so viele Verbindungen entstehen, wenn viel zu tun ist.",
    },
    advanced: true,
    option: { title: { en: "at once", de: "zugleich" } },
  }),
} as const;

export type PostgresDestination = DestinationOf<typeof postgresFields>;

export interface Login extends ConnectionParts {
  readonly user: string;
}

/** Throws TypeError where the address cannot be parsed: configuration has seen to that before. */
export function loginOf({
  url,
  user,
  password,
}: Pick<PostgresDestination, "url" | "user" | "password">): Login {
  const parts = connectionParts(url, () => postgresPort);
  return { ...parts, user: user ?? parts.user ?? "", password: password ?? parts.password };
}

/** Nobody is let in without a name; ours is never guessed from the account that the program runs under. */
export function checkUser({ entry, note }: Checking): void {
  const { url, user } = entry;
  if (user !== undefined || typeof url !== "string" || !URL.canParse(url) || new URL(url).username !== "")
    return;
  note("problems", [], { code: "key_missing", params: { key: "user", example: "user: leadledger" } });
}

/** What providers write into connection strings, and what we do anyway. */
function isKnownParameter([name, value]: readonly [string, string]): boolean {
  if (name === "channel_binding") return true;
  return name === "sslmode" && ["require", "verify-ca", "verify-full"].includes(value);
}

function identifier(member: string, preset: string, texts: FieldTexts): Field<string> {
  const field = text(member, texts);
  return {
    ...field,
    isRequired: false,
    schema: { ...field.schema, default: preset },
    read: (written) => (typeof written === "string" ? written : preset),
    check: checkIdentifier(member),
  };
}

function checkIdentifier(member: string): NonNullable<Field<unknown>["check"]> {
  return (written, { note }) => {
    if (
      typeof written !== "string" ||
      (!written.includes("\0") && Buffer.byteLength(written) <= identifierMaxBytes)
    )
      return;
    note("problems", [member], { code: "text_unfit", params: { expected: identifierExpected } });
  };
}

const identifierExpected = {
  en: `a name of at most ${identifierMaxBytes} bytes, without the schema before it`,
  de: `ein Name von höchstens ${identifierMaxBytes} Bytes, ohne das Schema davor`,
};
