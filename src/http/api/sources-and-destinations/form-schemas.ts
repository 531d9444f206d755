// What the forms for sources and destinations look like to callers of the API.
import { Type } from "typebox";
import { fieldTypes } from "../../../config/form-fields.ts";
import type { FieldDefault, Forms } from "../../../config/form-fields.ts";
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";
import { nullable, oneOf } from "../frame/schemas.ts";

export type { FieldType, FormField, FormOption, Forms } from "../../../config/form-fields.ts";

const limit = Type.Union([Type.Number(), Type.String()]);

const rules = Type.Object(
  {
    format: Type.Optional(Type.String({ description: "A format of leadledger.yaml: `duration-timeout`." })),
    min: Type.Optional(limit),
    max: Type.Optional(limit),
    items_min: Type.Optional(Type.Integer()),
    items_max: Type.Optional(Type.Integer()),
  },
  { description: "What is checked when the form is sent; durations and sizes as they are written: `5m`." },
);

const described = { label: Type.String(), help: Type.String() };

const plainField = {
  name: Type.String({ description: "The member, with its parents: `retry.fast` is `{ retry: { fast } }`." }),
  type: oneOf(
    fieldTypes,
    "`choice`: the value of an option. `alternatives`: what the fields of the chosen option say; null with an option that has none. `secrets`: a list of `{ value, not_after }`. `durations`: a list. `headers`, `parameters`: an object. `destinations`: names; null: all.",
  ),
  required: Type.Boolean({ description: "Of a new one." }),
  default: Type.Unsafe<FieldDefault>({
    type: ["string", "number", "boolean", "array", "object", "null"],
    items: { type: "string" },
    description: "What holds where nothing is said.",
  }),
  advanced: Type.Boolean({ description: "Most people never need it." }),
  fixed: Type.Boolean({ description: "Cannot be changed later." }),
  write_only: Type.Boolean({
    description: "What there is, is never shown; a change that leaves it out keeps it.",
  }),
  shown_as: Type.Optional(
    Type.String({ description: "Of `write_only`: the item's member that shows what may be shown." }),
  ),
  example: nullable(Type.String()),
  ...described,
  rules,
};

const plainOption = Type.Object({
  value: Type.String(),
  ...described,
  fields: Type.Array(Type.Never(), { maxItems: 0 }),
});

const optionField = Type.Object({
  ...plainField,
  options: Type.Array(plainOption, { description: "Of `choice`." }),
});

const option = Type.Object({
  value: Type.String(),
  ...described,
  members: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: "Of `alternatives`: members that the option says besides its fields.",
    }),
  ),
  fields: Type.Array(optionField, { description: "Shown while the option is chosen." }),
});

export const fieldSchema = Type.Object({
  ...plainField,
  options: Type.Array(option, { description: "Of `choice` and `alternatives`." }),
});

const setUp = Type.Object({
  id: Type.String(),
  kind: Type.String({ description: "Of the source that is made." }),
  label: Type.String(),
  about: Type.String({ description: "What it is right for, what it costs, and what it loses." }),
  asks: Type.Array(Type.String(), {
    description: "Fields to ask for, besides label, name and destinations.",
  }),
  steps: Type.Array(Type.String(), {
    description: "In the sender's system; `{address}` and `{secret}` stand for those of the source.",
  }),
  shared_steps: nullable(
    Type.Array(Type.String(), {
      description:
        "In place of `steps` for a source that comes over the address of another one; `{via}` stands for its name.",
    }),
  ),
  comes_from_internet: Type.Boolean({ description: "Requests come from servers outside." }),
  has_check: Type.Boolean({ description: "`POST /sources/{name}/check` asks the vendor." }),
});

const tile = Type.Object({ id: Type.String(), ...described, set_ups: Type.Array(setUp) });

const knownAnswers = Type.Object({
  when: nullable(Type.String({ description: "Where settings decide whether these hold; null: always." })),
  rules: Type.Array(Type.Unsafe<AnswerRule>({ type: "object" }), {
    description: "As a destination's `success` has them.",
  }),
});

const formsShape = Type.Object({
  sources: Type.Object({
    fields: Type.Array(fieldSchema),
    tiles: Type.Array(tile, {
      description: "Where leads come from, in the order in which people are offered them.",
    }),
  }),
  destinations: Type.Array(
    Type.Object({
      kind: Type.String(),
      sends: Type.Boolean({ description: "false: nothing is sent, a worker of your own fetches leads." }),
      group: Type.String({ description: "What it is offered under; kinds of one group stand together." }),
      ...described,
      test_leaves: Type.String({ description: "What a test lead leaves behind there." }),
      fields: Type.Array(fieldSchema),
      answers: Type.Array(knownAnswers, {
        description:
          "What is known of this kind's answers to the request that hands a lead over; counts where no rule in the destination's `success` fits. Addresses in it stand for those of the destination.",
      }),
    }),
    {
      description: "By kind, in the order in which people are offered them.",
    },
  ),
});

export const formsSchema = Type.Unsafe<Forms>(formsShape);
