// Problem details (RFC 9457 section 3.1) as the API's document describes them.
import { Type } from "typebox";
import type { Static } from "typebox";
import { nullable } from "./schemas.ts";

export const problemSchema = Type.Object({
  type: Type.String({ description: "urn:leadledger:error:<code>" }),
  title: Type.String({ description: "In the language of Accept-Language: German or English." }),
  status: Type.Integer(),
  detail: Type.String({ description: "What happened, whether the lead is safe, what to do." }),
  code: Type.String({ description: "Stable." }),
  reason: Type.Optional(Type.String({ description: "What exactly is wrong with this request." })),
  run_id: Type.Optional(Type.String({ format: "uuid" })),
  problems: Type.Optional(
    Type.Array(Type.Object({ code: Type.String(), place: Type.String(), message: Type.String() }), {
      description: "Of a configuration or an edited body: each place that is wrong.",
    }),
  ),
  dlq_id: Type.Optional(nullable(Type.Integer())),
});
export type Problem = Static<typeof problemSchema>;
