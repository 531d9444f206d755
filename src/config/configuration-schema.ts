// The shape of leadledger.yaml (docs/contract.md, Configuration): one source for validation, for types and for
// documentation.
import { Type } from "typebox";
import type { Static, TSchema } from "typebox";
import { formatSize } from "../domain/values/duration.ts";
import type { ToEntry } from "../domain/leads/distribution.ts";
import { defaultBodyLimitBytes } from "../domain/sources/source.ts";
import type { KeyReuseRule } from "../domain/leads/key-reuse.ts";
import {
  defaultFalseAlarmsPerYear,
  falseAlarmsPerYearMax,
  heartbeatSenders,
} from "../domain/silence/silence-setting.ts";
import type { HeartbeatSender } from "../domain/silence/silence-setting.ts";
import type { GermanState } from "../domain/calendar/public-holidays.ts";
import { samePersonWithin } from "../domain/leads/same-person.ts";
import type { SamePersonAction } from "../domain/leads/same-person.ts";
import type { BadCredentialsRule, SourcePause } from "../domain/sources/source.ts";
import type { LeadMap } from "../domain/leads/map-rules.ts";
import { defaultCountry } from "../domain/values/phone-number.ts";
import type { PhoneCountry } from "../domain/values/phone-number.ts";
import type { DeclaredKinds, DeclaredSource } from "./declared-kind.ts";
import { clientDescription } from "./fields/client-field.ts";
import { slaEntry } from "./sla-entry.ts";
import type { SlaFileEntry } from "./sla-entry.ts";
import type { Entry } from "./fields/field.ts";
import { schemaOfFields } from "./fields/settings.ts";
import type { Format } from "./value-rules.ts";

export type ConfigurationFile = Static<ReturnType<typeof configurationFileOf>>;
/** What else it has, its kind declares; either `auth` or `kind` is there. */
export type SourceEntry = Static<ReturnType<typeof commonSourceMembers>> & {
  readonly auth?: Entry & { readonly kind: string };
  readonly kind?: string;
};
/** What else it has, its kind declares. */
export type DestinationEntry = Entry & { readonly kind: string };

function text(format: Format, description: string) {
  return Type.String({ format, description });
}

function optionalText(format: Format, description: string) {
  return Type.Optional(text(format, description));
}

function textOr(preset: string, format: Format, description: string) {
  return Type.Optional(Type.String({ format, description, default: preset }));
}

function flag(description: string) {
  return Type.Optional(Type.Boolean({ description, default: false }));
}

const closed = { additionalProperties: false };

// Ajv checks the one alternative that `kind` names, so its problems are about what was meant.
function byKind<Alternatives extends readonly TSchema[]>(description: string, ...oneOf: Alternatives) {
  return Type.Unsafe<Static<Alternatives[number]>>({
    type: "object",
    description,
    required: ["kind"],
    discriminator: { propertyName: "kind" },
    oneOf,
  });
}

const keyRule = Type.Object(
  {
    header: Type.Optional(
      Type.String({
        format: "key-header",
        description:
          "required: as without `key`. preferred: the header where there is one, else the same content about the same person within `body_hash` (10m).",
      }),
    ),
    body_hash: optionalText("duration-window", "The same body within this time is the same lead."),
    pointer: optionalText("pointer", "JSON pointer to the id of a lead in the body."),
  },
  {
    ...closed,
    minProperties: 1,
    maxProperties: 2,
    description: "Where the idempotency key is; absent: the header Idempotency-Key.",
  },
);

const person = Type.Object(
  {
    email: optionalText("pointer", "JSON pointer to the e-mail address."),
    phone: optionalText("pointer", "JSON pointer to the phone number."),
  },
  {
    ...closed,
    description: "Where a person is named; absent: common German and English field names are recognised.",
  },
);

const samePerson = Type.Object(
  {
    within: textOr(samePersonWithin, "duration-window", "How long before the earlier lead may have come."),
    then: Type.Unsafe<SamePersonAction>({
      type: "string",
      format: "same-person" satisfies Format,
      description:
        "deliver: as any lead; mark: the delivery names the earlier lead; hold: a person releases or withdraws it.",
    }),
  },
  {
    ...closed,
    description:
      "What becomes of a lead whose e-mail address or phone number an earlier one had; absent: it is delivered. Either way both are linked, and neither is dropped.",
  },
);

const silenceMembers = Type.Object({
  false_alarms_per_year: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: falseAlarmsPerYearMax,
      default: defaultFalseAlarmsPerYear,
      description:
        "An alarm comes when the source is quieter than its own rhythm explains; so often at most by mere chance. Fewer make it later.",
    }),
  ),
  at_least_one_per: Type.Optional(
    text("duration-window", "In place of the rhythm: an alarm when no lead came for so long."),
  ),
  opening_hours: Type.Optional(
    Type.Array(text("opening-rule", "A rule as those of a destination: mon-fri 08:00-18:00."), {
      maxItems: 20,
      description: "With at_least_one_per: only these times count (reporting time zone); absent: all do.",
    }),
  ),
  holidays: Type.Optional(
    Type.Unsafe<GermanState>({
      type: "string",
      format: "german-state" satisfies Format,
      description:
        "Code of the German federal state on whose public holidays nothing is expected, e.g. BY; absent: on those of all of Germany.",
    }),
  ),
});
export type SilenceMembers = Static<typeof silenceMembers>;

const silence = Type.Unsafe<"off" | SilenceMembers>({
  type: ["object", "string"],
  format: "silence-off" satisfies Format,
  properties: silenceMembers.properties,
  ...closed,
  description:
    "When somebody is told that nothing comes of the source any more: by its rhythm, or after a fixed time; `off`: never.",
});

const heartbeat = Type.Object(
  {
    every: text("duration-heartbeat", "How often a test lead has to come and be processed."),
    sent_by: Type.Optional(
      Type.Unsafe<HeartbeatSender>({
        type: "string",
        format: "heartbeat-sender" satisfies Format,
        description:
          "leadledger: it sends the test leads itself; sender: somebody does, through the form or by a program.",
        default: heartbeatSenders[0],
      }),
    ),
  },
  {
    ...closed,
    description:
      "Test leads that show regularly that the way is open; for sources that bring less than about one lead a day. Absent: none.",
  },
);

/** What every source may say, whatever its kind is. */
function commonSourceMembers() {
  return Type.Object({
    label: optionalText("label", "What people call it, with umlauts and spaces; absent: its name."),
    client: optionalText("client", clientDescription),
    key: Type.Optional(keyRule),
    to: Type.Optional(
      Type.Array(Type.Unsafe<ToEntry>({ type: ["string", "object"] }), {
        description:
          "Names of destinations, and groups of which one gets each lead: `{ one_of: [anna, { destination: bernd, weight: 2 }], skip_paused: true }`. Absent: all of the same client, []: nobody.",
      }),
    ),
    schema: optionalText("text", "JSON Schema of the body: a file, named from this file's folder."),
    person: Type.Optional(person),
    country: Type.Optional(
      Type.Unsafe<PhoneCountry>({
        type: "string",
        format: "country" satisfies Format,
        description: "Where a phone number says no country, it is one of this (ISO 3166: DE, AT, CH).",
        default: defaultCountry,
      }),
    ),
    map: Type.Optional(
      Type.Unsafe<LeadMap>({
        type: "object",
        description:
          "Where members of a lead come from, by their names: a JSON pointer, a list of them, or a rule with its treatment. What is not in it is recognised.",
      }),
    ),
    body_limit: textOr(formatSize(defaultBodyLimitBytes), "size", "Largest body; 1 kB = 1024 B."),
    rate_limit: optionalText("rate", "Requests per second, minute or hour; absent: no limit."),
    paused: Type.Optional(
      Type.Unsafe<SourcePause>({
        type: ["boolean", "string"],
        format: "pause" satisfies Format,
        description:
          "true: leads are taken and held until the source goes on; refuse: senders get 503, and leads whose senders do not try again are lost.",
        default: false,
      }),
    ),
    on_bad_credentials: Type.Optional(
      Type.Unsafe<BadCredentialsRule>({
        type: "string",
        format: "bad-credentials" satisfies Format,
        description:
          "What becomes of a request with wrong or missing credentials; quarantine: it is kept aside. The answer is 401 either way.",
        default: "reject",
      }),
    ),
    on_key_reuse: Type.Optional(
      Type.Unsafe<KeyReuseRule>({
        type: "string",
        format: "key-reuse" satisfies Format,
        description:
          "What becomes of another body under a known key. reject: 422, kept for a person; keep_first: 200, kept beside the lead; revision: 202, it is the lead's newest state and delivered as a change. Absent: reject, or what suits the kind.",
      }),
    ),
    same_person: Type.Optional(samePerson),
    silence: Type.Optional(silence),
    heartbeat: Type.Optional(heartbeat),
  });
}

/** A source that says no `kind` proves itself by `auth`, as all of them did once. */
function sourceEntryOf(kinds: DeclaredKinds): TSchema {
  const common = commonSourceMembers().properties;
  const inAuth = kinds.sources.filter(({ place }) => place === "auth");
  const atTop = kinds.sources.filter(({ place }) => place === "top");
  const auth = byKind(
    "How the sender proves who it is.",
    ...inAuth.map(({ kind, fields }) => Type.Unsafe<Entry>(schemaOfFields(fields, kind))),
  );
  const proven = Type.Object({ auth, ...common }, closed);
  if (atTop.length === 0) return proven;
  const sending = byKind("Who sends.", ...atTop.map((declared) => sendingSource(declared, common)));
  // Both say that it is an object: said beside them, it would be told twice.
  return Type.Unsafe({ if: { type: "object", required: ["kind"] }, then: sending, else: proven });
}

function sendingSource({ kind, fields }: DeclaredSource, common: Readonly<Record<string, TSchema>>): TSchema {
  const own = schemaOfFields(fields, kind);
  return Type.Unsafe({ ...own, properties: { ...own.properties, ...optional(common) } });
}

/** As plain JSON Schema, in which `required` alone says what must be there. */
function optional(members: Readonly<Record<string, TSchema>>): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(members)) as Record<string, unknown>;
}

/** All members that sources of these kinds may say, for the API's description. */
export function sourceMembersOf(kinds: DeclaredKinds): Readonly<Record<string, unknown>> {
  const entry = sourceEntryOf({ ...kinds, sources: kinds.sources.filter(({ place }) => place === "auth") });
  const atTop = kinds.sources.filter(({ place }) => place === "top");
  const own = atTop.toReversed().flatMap(({ fields }) => Object.entries(schemaOfFields(fields).properties));
  const kind = { type: "string", enum: atTop.map((each) => each.kind), description: "Who sends." };
  const { auth, ...common } = (entry as unknown as { properties: Record<string, unknown> }).properties;
  return { auth, ...(atTop.length === 0 ? {} : { kind, ...Object.fromEntries(own) }), ...common };
}

/** The names of what every source may say. */
export const commonSourceMemberNames: readonly string[] = Object.keys(commonSourceMembers().properties);

export function destinationEntryOf({ destinations }: DeclaredKinds) {
  return byKind(
    "Where leads are delivered to.",
    ...destinations.map(({ kind, fields }) => Type.Unsafe<DestinationEntry>(schemaOfFields(fields, kind))),
  );
}

// Null, because a heading whose entries are all commented out is an empty list to everyone but YAML.
function named<Entry>(entry: TSchema, description: string) {
  return Type.Optional(
    Type.Unsafe<Readonly<Record<string, Entry>> | null>({
      type: ["object", "null"],
      description,
      propertyNames: { format: "name" satisfies Format },
      additionalProperties: entry,
    }),
  );
}

const filesByKinds = new WeakMap<DeclaredKinds, ReturnType<typeof configurationFileOf>>();

/** Made once for each set of kinds. */
export function configurationFile(kinds: DeclaredKinds) {
  const known = filesByKinds.get(kinds);
  if (known !== undefined) return known;
  const made = configurationFileOf(kinds);
  filesByKinds.set(kinds, made);
  return made;
}

function configurationFileOf(kinds: DeclaredKinds) {
  return Type.Object(
    {
      timezone: optionalText("timezone", "Reporting time zone. Default Europe/Berlin."),
      open_intake: flag("Anyone may post as any source name; for demos and tests."),
      trust_proxy: Type.Optional(
        Type.Array(text("address", "An IP address or network."), {
          description: "Addresses of reverse proxies.",
        }),
      ),
      public_url: optionalText(
        "public-url",
        "The address under which people and senders reach this installation, with its path if it has one.",
      ),
      sources: named<SourceEntry>(sourceEntryOf(kinds), "Who may post leads."),
      destinations: named<DestinationEntry>(destinationEntryOf(kinds), "Where leads go."),
      ...sectionsOf(kinds),
      sla: named<SlaFileEntry>(slaEntry, "What is agreed about leads."),
    },
    { ...closed, title: "leadledger.yaml" },
  );
}

/** Null, as of the other sections: a heading under which everything is commented out. Their types are their own. */
function sectionsOf({ sections = [] }: DeclaredKinds): object {
  return Object.fromEntries(
    sections.map(({ name, schema }) => [
      name,
      Type.Optional(Type.Unsafe<Entry | null>({ ...schema, type: ["object", "null"] })),
    ]),
  );
}

/** The schema as JSON Schema 2020-12, for documentation and editors; `format` names our own formats. */
export function configurationJsonSchema(kinds: DeclaredKinds): Record<string, unknown> {
  const schema = JSON.parse(JSON.stringify(configurationFile(kinds))) as Record<string, unknown>;
  return { $schema: "https://json-schema.org/draft/2020-12/schema", ...schema };
}
