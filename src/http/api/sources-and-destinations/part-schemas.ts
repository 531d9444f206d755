// What sources and destinations look like to callers of the API: as in leadledger.yaml, and without their secrets.
import { Type } from "typebox";
import type { Static } from "typebox";
import type { LeadMap } from "../../../domain/leads/map-rules.ts";
import type { PhoneCountry } from "../../../domain/values/phone-number.ts";
import { keyReuseRules } from "../../../domain/leads/key-reuse.ts";
import { heartbeatSenders } from "../../../domain/silence/silence-setting.ts";
import type { SilenceEntry } from "../../../config/source-part.ts";
import { samePersonActions } from "../../../domain/leads/same-person.ts";
import type { ToEntry } from "../../../domain/leads/distribution.ts";
import { badCredentialsRules } from "../../../domain/sources/source.ts";
import type { SourcePause } from "../../../domain/sources/source.ts";
import { sourceMembersOf } from "../../../config/configuration-schema.ts";
import type { DeclaredDestination, DeclaredKinds, DeclaredSource } from "../../../config/declared-kind.ts";
import type { FieldSchema } from "../../../config/fields/field.ts";
import { schemaOfFields, shownSchemas } from "../../../config/fields/settings.ts";
import { checkedByConfiguration } from "../frame/request-shape.ts";
import { partFilterMembers } from "./part-filter.ts";
import { closed, nullable, oneOf, pageQuery, partName, timestamp } from "../frame/schemas.ts";

export const partParams = Type.Object({ name: partName });

export const partQuery = Type.Object({ ...pageQuery, ...partFilterMembers }, closed);

/** The members that the entry of leadledger.yaml has; what is wrong with them is said by its rules. */
export type PartBody = ReturnType<typeof bodyOf>;

function bodyOf(entry: object, description: string, more: Readonly<Record<string, unknown>> = {}) {
  return Type.Unsafe<Readonly<Record<string, unknown>> | undefined>({
    ...checkedByConfiguration,
    ...entry,
    description,
    ...more,
  });
}

const inlineSchema = {
  description: "JSON Schema of the body, itself (draft 2020-12; draft-07 if `$schema` says so).",
  type: ["object", "boolean", "null"],
};
const nameMember = {
  type: "string",
  format: "name",
  description: "Letters, digits, `.`, `_`, `-`; at most 63.",
};

const chosenDestinations = {
  description:
    "Names of destinations, and groups of which one gets each lead: `{ one_of: [anna, { destination: bernd, weight: 2 }], skip_paused: true }`. null: all of the same client, those of the future too; []: nobody.",
  type: ["array", "null"],
  items: { type: ["string", "object"] },
};

function sourceBodies(kinds: DeclaredKinds) {
  const members = { ...sourceMembersOf(kinds), schema: inlineSchema };
  const isProven = kinds.sources.every(({ place }) => place === "auth");
  return {
    added: bodyOf(
      { type: "object", additionalProperties: false },
      "As an entry of leadledger.yaml, with its name. Without `secret` and `secrets` LeadLedger makes one and shows it this once. Without `key` it is `{ header: preferred, body_hash: 10m }`.",
      {
        properties: { name: nameMember, ...members, to: chosenDestinations },
        required: ["name", ...(isProven ? ["auth"] : []), "to"],
      },
    ),
    patch: bodyOf(
      { type: "object", additionalProperties: false },
      "Members that are given take the place of those that there are; null puts the default back. `auth` of the same kind without a secret keeps the secrets.",
      { properties: members, required: [] },
    ),
  };
}

export const rotation = Type.Object(
  {
    overlap: Type.Optional(
      Type.String({
        default: "7d",
        maxLength: 20,
        description: "For how long old secrets stay valid: 30m, 12h, 7d; `0s`: not at all.",
      }),
    ),
    secret: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4_096,
        description: "The new one; absent: LeadLedger makes one and shows it this once.",
      }),
    ),
  },
  closed,
);

export const testOrder = Type.Object(
  {
    body: Type.Optional(
      Type.Unsafe<Readonly<Record<string, unknown>>>({
        type: "object",
        description: "The lead; absent: one of LeadLedger's own.",
      }),
    ),
  },
  closed,
);

export const testAnswer = Type.Object({
  run_id: Type.String({ format: "uuid", description: "GET /runs/{run_id} shows what becomes of it." }),
  destinations: Type.Unsafe<readonly string[]>({
    type: "array",
    items: { type: "string" },
    description: "Where it goes; empty: nobody gets it.",
  }),
});

const secret = Type.Object({
  fingerprint: Type.String({ description: "A short keyed hash: tells two secrets apart." }),
  not_after: nullable(timestamp("Valid up to this instant; null: for ever.")),
});

function secretList(description: string) {
  return Type.Unsafe<readonly Static<typeof secret>[]>({ type: "array", items: secret, description });
}

const managed = {
  name: Type.String(),
  managed_by: oneOf(["file", "api"], "file: from leadledger.yaml; read-only here."),
  enabled: Type.Boolean({ description: "false: was removed." }),
  updated_at: timestamp("Of the last change."),
};

/** What every source shows; what else it shows, its kind declares. */
const sourceShape = Type.Object({
  ...managed,
  label: nullable(Type.String({ description: "What people call it; null: by its name." })),
  client: nullable(Type.String({ description: "Of an agency: whose leads it takes; null: no client's." })),
  auth: Type.Object({ kind: Type.String(), secrets: secretList("How many there are.") }),
  key: nullable(
    Type.Unsafe<Readonly<Record<string, unknown>>>({
      type: "object",
      description:
        "`{ header: preferred, body_hash }`, `{ pointer }` or `{ body_hash }`; null: the header Idempotency-Key, without which a lead is refused.",
    }),
  ),
  to: nullable(
    Type.Unsafe<readonly ToEntry[]>({
      type: "array",
      items: { type: ["string", "object"] },
      description:
        "Names, and groups of which one gets each lead, `{ one_of, skip_paused }`; null: all of the same client.",
    }),
  ),
  schema: nullable(
    Type.Unsafe<Readonly<Record<string, unknown>>>({ type: "object", description: "JSON Schema." }),
  ),
  person: nullable(
    Type.Object(
      { email: nullable(Type.String()), phone: nullable(Type.String()) },
      { description: "JSON pointers." },
    ),
  ),
  country: Type.Unsafe<PhoneCountry>({
    type: "string",
    description: "Where a phone number says no country, it is one of this (ISO 3166).",
  }),
  map: nullable(
    Type.Unsafe<LeadMap>({
      type: "object",
      description: "Where members of a lead come from; null: all are recognised.",
    }),
  ),
  body_limit: Type.String(),
  rate_limit: nullable(Type.String()),
  paused: Type.Unsafe<SourcePause>({
    type: ["boolean", "string"],
    enum: [true, false, "refuse"],
    description: "true: its leads are held; refuse: its senders get 503.",
  }),
  on_bad_credentials: oneOf(badCredentialsRules, "quarantine: requests with bad credentials are kept aside."),
  on_key_reuse: oneOf(
    keyReuseRules,
    "Another body under a known key. reject: 422; keep_first: 200, kept beside the lead; revision: 202, a change of the lead.",
  ),
  silence: nullable(
    Type.Unsafe<SilenceEntry>({
      anyOf: [
        { const: "off" },
        {
          type: "object",
          properties: {
            false_alarms_per_year: { type: "integer" },
            at_least_one_per: { type: "string" },
            opening_hours: { type: "array", items: { type: "string" } },
            holidays: { type: "string" },
          },
        },
      ],
      description:
        "When it is told that nothing comes any more: by its rhythm, with so many false alarms a year, or after a fixed time; off: never. null: by its rhythm, with one false alarm a year.",
    }),
  ),
  heartbeat: nullable(
    Type.Object(
      {
        every: Type.String(),
        sent_by: oneOf(heartbeatSenders, "leadledger: it sends the test leads itself."),
      },
      { description: "Test leads that have to come regularly. null: none." },
    ),
  ),
  same_person: nullable(
    Type.Object(
      {
        within: Type.String(),
        then: oneOf(
          samePersonActions,
          "deliver: as any lead; mark: the delivery names the earlier lead; hold: a person releases or withdraws it.",
        ),
      },
      {
        description:
          "What becomes of a lead whose e-mail address or phone number an earlier one had. null: it is delivered.",
      },
    ),
  ),
});
export interface SourceItem extends Static<typeof sourceShape> {
  /** Of those whose kind stands at the top of the entry. */
  readonly kind?: string;
}

/** Made for the kinds that there are. */
export function sourceSchemas(kinds: DeclaredKinds) {
  const inAuth = kinds.sources.filter(({ place }) => place === "auth");
  const atTop = kinds.sources.filter(({ place }) => place === "top");
  const auth = Type.Object({
    kind: oneOf<readonly string[]>(kinds.sources.map(({ kind }) => kind)),
    ...optionalMembers(inAuth),
    secrets: secretList("How many there are."),
  });
  const kind = Type.Optional(
    oneOf<readonly string[]>(
      atTop.map((each) => each.kind),
      "Of those whose kind stands at the top of the entry.",
    ),
  );
  const own = atTop.length === 0 ? {} : { kind, ...optionalMembers(atTop) };
  const shape = Type.Object({ ...sourceShape.properties, ...own, auth });
  return {
    item: Type.Unsafe<SourceItem>({ ...shape, "x-name": "Source" }),
    changed: Type.Unsafe<SourceItem & ChangeMembers>({
      ...Type.Intersect([shape, changed]),
      "x-name": "ChangedSource",
    }),
    ...sourceBodies(kinds),
  };
}

function optionalMembers(kinds: readonly DeclaredSource[]) {
  return Object.fromEntries(
    kinds
      .flatMap(({ fields }) => Object.entries(shownSchemas(fields)))
      .map(([member, schema]) => [member, Type.Optional(Type.Unsafe<unknown>(schema))]),
  );
}

export const circuitShape = Type.Object(
  {
    state: oneOf(
      ["closed", "open", "half_open"],
      "closed: leads are sent. open: nothing is sent, leads wait and no attempt is counted. half_open: one lead tries.",
    ),
    reason: nullable(
      Type.String({ description: "The stable code of what opened it, or of how the last probe failed." }),
    ),
    message: nullable(Type.String({ description: "The same as a sentence." })),
    opened_at: nullable(timestamp("Since when it is left alone.")),
    failures: nullable(
      Type.Object(
        { failed: Type.Integer(), of: Type.Integer() },
        { description: "How many of the last attempts had failed; null: one answer was reason enough." },
      ),
    ),
    next_probe_at: nullable(timestamp("From when on one lead may try; in the past: with the next lead.")),
  },
  {
    description:
      "Whether it is left alone as a whole, because it asked to wait, refuses the credentials, lacks what every lead needs, or too many attempts failed; all members but `state` are null where it is closed.",
  },
);
export type ShownCircuit = Static<typeof circuitShape>;

export const waitsShape = nullable(
  Type.Object(
    {
      for: oneOf(
        ["opening_hours", "limit"],
        "opening_hours: it is not open. limit: what may be sent in this minute or on this day is used up.",
      ),
      until: timestamp("Until then nothing is sent; then it goes on by itself."),
    },
    { description: "What all its leads wait for at this moment, no attempt counted; null: nothing." },
  ),
);

const remark = Type.Object({ code: Type.String(), place: Type.String(), message: Type.String() });

/** What would come of a destination that is added. */
export const previewShape = Type.Object({
  sources: Type.Unsafe<readonly string[]>({
    type: "array",
    items: { type: "string" },
    description: "Names of the sources that will send there.",
  }),
  warnings: Type.Unsafe<readonly Static<typeof remark>[]>({
    type: "array",
    items: remark,
    description: "Valid, but is it meant?",
  }),
});

/** What a change is answered with beside the item. */
const changed = Type.Object({
  warnings: Type.Unsafe<readonly Static<typeof remark>[]>({
    type: "array",
    items: remark,
    description: "Valid, but is it meant?",
  }),
  secret: Type.Optional(Type.String({ description: "Made just now; it is not shown again." })),
  moved_to_dlq: Type.Optional(
    Type.Integer({ description: "Leads that a destination had not got, and that went to the DLQ." }),
  ),
});
export type ChangeMembers = Static<typeof changed>;

/** What every destination shows; what else it shows, its kind declares. */
export interface DestinationItem extends Static<typeof destinationShape> {
  readonly [member: string]: unknown;
}

const destinationShape = Type.Object({
  ...managed,
  circuit: circuitShape,
  waits: waitsShape,
  kind: Type.String(),
  client: nullable(Type.String({ description: "Of an agency: whose it is; null: no client's." })),
  sends: Type.Boolean({
    description: "false: nothing is sent, a worker of your own fetches its leads.",
  }),
  paused: Type.Boolean(),
});

/** Made for the kinds that there are. */
export function destinationSchemas({ destinations }: DeclaredKinds) {
  const shape = Type.Union(destinations.map(itemOfKind));
  return {
    item: Type.Unsafe<DestinationItem>({ ...shape, "x-name": "Destination" }),
    changed: Type.Unsafe<DestinationItem & ChangeMembers>({
      ...Type.Intersect([shape, changed]),
      "x-name": "ChangedDestination",
    }),
    ...destinationBodies(destinations),
  };
}

function itemOfKind({ kind, fields }: DeclaredDestination) {
  const { properties } = destinationShape;
  const shown = shownSchemas(fields);
  return Type.Object({
    ...properties,
    kind: Type.Literal(kind),
    ...Object.fromEntries(
      Object.entries(shown).map(([member, schema]) => [member, Type.Unsafe<unknown>(schema)]),
    ),
  });
}

function destinationBodies(destinations: readonly DeclaredDestination[]) {
  const members: Readonly<Record<string, FieldSchema>> = Object.fromEntries(
    // Where several kinds have a member, the first one's words count.
    destinations.toReversed().flatMap(({ fields }) => Object.entries(schemaOfFields(fields).properties)),
  );
  const kind = { type: "string", enum: destinations.map((each) => each.kind) };
  return {
    added: bodyOf(
      { type: "object", additionalProperties: false },
      "As an entry of leadledger.yaml, with its name; which members there are depends on its kind.",
      { properties: { name: nameMember, ...members, kind }, required: ["name", "kind"] },
    ),
    patch: bodyOf(
      { type: "object", additionalProperties: false },
      "Members that are given take the place of those that there are; null puts the default back. `headers`, `query` and `retry` are changed member by member, `auth` as long as its kind stays: what is null is removed.",
      { properties: { ...members, kind } },
    ),
  };
}
