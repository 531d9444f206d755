// /destinations/:name/fields: the receiver's own fields, so that people pick from them what a map writes to.
import { Type } from "typebox";
import { destinationOf } from "../../../config/stored-configuration.ts";
import type { SecretBox } from "../../../config/stored-configuration.ts";
import type { Failed } from "../../../domain/destinations/outcome.ts";
import { remoteFieldTypes } from "../../../domain/destinations/remote-field.ts";
import type { RemoteField } from "../../../domain/destinations/remote-field.ts";
import type { RemoteFields } from "../../../kinds/destinations/remote-fields.ts";
import type { Kinds } from "../../../kinds/kinds.ts";
import { findManagedPart } from "../../../ledger/configuration/managed-parts.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { closed, nullable, oneOf } from "../frame/schemas.ts";
import { partParams } from "./part-schemas.ts";

export interface RemoteFieldsDeps {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly kinds: Kinds;
  readonly remoteFields: RemoteFields;
}

const fieldShape = Type.Object({
  target: Type.String({ description: "As a map names it." }),
  label: Type.String({ description: "As the receiver's own screens call it." }),
  type: oneOf(remoteFieldTypes),
  required: Type.Boolean({ description: "The receiver takes no lead without it." }),
  options: Type.Array(Type.Object({ value: Type.String(), label: Type.String() }), {
    description: "What may be sent, where it is a choice; empty: anything of its type.",
  }),
});

const why = {
  error_code: nullable(Type.String({ description: "The stable code of why the receiver did not answer." })),
  message: nullable(Type.String({ description: "The same as a sentence." })),
};

const answer = Type.Object({
  fields: nullable(
    Type.Array(fieldShape, {
      description: "null: they could not be read, or receivers of this kind cannot be asked (no error_code).",
    }),
  ),
  can_create: Type.Boolean({ description: "Fields can be made there from here." }),
  ...why,
});

const createdAnswer = Type.Object({ field: nullable(fieldShape), ...why });

/** `NewRemoteField` */
const newFieldTypes = ["text", "number", "boolean", "date"] as const;
const labelCharactersMax = 100;

const order = Type.Object(
  {
    label: Type.String({
      minLength: 1,
      maxLength: labelCharactersMax,
      pattern: "\\S",
      description: "As people will read it there.",
    }),
    type: Type.Optional(oneOf(newFieldTypes, "Absent: text.")),
  },
  closed,
);

const problems = ["destination_not_found", "part_removed"] as const;

export function remoteFieldsRoutes({ database, secretBox, kinds, remoteFields }: RemoteFieldsDeps) {
  return [
    route(
      {
        method: "GET",
        path: "/destinations/:name/fields",
        tag: "destinations",
        access: "configuration.write",
        summary: "The fields that the receiver has, asked of it now",
        description: "For making a `map`. Nothing is stored, no lead is sent.",
        params: partParams,
        answers: { 200: answer },
        problems,
      },
      async ({ params: { name } }) => {
        const part = await findManagedPart(database, "destinations", name);
        if (part === null) return refuse("destination_not_found");
        if (!part.enabled) return refuse("part_removed");
        const read = await remoteFields.read(destinationOf(part.stored, secretBox, kinds));
        if (read === null) return ok({ fields: null, can_create: false, ...noReason });
        const { canCreate } = read;
        return read.kind === "fields"
          ? ok({ fields: read.fields.map(shown), can_create: canCreate, ...noReason })
          : ok({ fields: null, can_create: canCreate, ...reason(read.outcome) });
      },
    ),
    route(
      {
        method: "POST",
        path: "/destinations/:name/fields",
        tag: "destinations",
        access: "configuration.write",
        summary: "Make a field at the receiver",
        description:
          "Only where `can_create` says so. The field is there afterwards, whether a map writes to it or not.",
        params: partParams,
        body: order,
        answers: { 200: createdAnswer },
        problems: [...problems, "fields_not_creatable"],
      },
      async ({ params: { name }, body: { label, type = "text" } }) => {
        const part = await findManagedPart(database, "destinations", name);
        if (part === null) return refuse("destination_not_found");
        if (!part.enabled) return refuse("part_removed");
        const destination = destinationOf(part.stored, secretBox, kinds);
        const created = await remoteFields.create(destination, { label: label.trim(), type });
        if (created === null) return refuse("fields_not_creatable");
        return created.kind === "created"
          ? ok({ field: shown(created.field), ...noReason })
          : ok({ field: null, ...reason(created.outcome) });
      },
    ),
  ];
}

const noReason = { error_code: null, message: null };

function reason({ code, message }: Failed) {
  return { error_code: code, message };
}

function shown({ target, label, type, isRequired: required, options = [] }: RemoteField) {
  return { target, label, type, required, options: [...options] };
}
