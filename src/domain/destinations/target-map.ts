// How a destination says what it gets: the grammar of its `map:` (docs/contract.md, What a destination gets). The rules are
// those of a source's map; their pointers go into the delivery, and here they may say a type and that they must give
// something.
import type { MapRule, TreatedRule } from "../leads/map-rules.ts";
import { parsePointer } from "../values/json-pointer.ts";

/** By the target: members with points between them (`properties.email`), or a JSON pointer (`/properties/email`). */
export type TargetMap = Readonly<Record<string, TargetRule>>;

export type TargetRule = string | readonly MapRule[] | TreatedTarget;

export interface TreatedTarget extends Omit<TreatedRule, "constant"> {
  /** Any JSON value but null. */
  readonly constant?: unknown;
  /** Absent: as it stands in the delivery; where texts are treated, a text. */
  readonly type?: TargetType;
  /** A lead that gives nothing here is not sent: it waits for a person. */
  readonly required?: boolean;
}

export const targetTypes = ["text", "number", "boolean", "json", "list"] as const;
export type TargetType = (typeof targetTypes)[number];

/** What a delivery's JSON has at its top: where pointers begin. */
export const deliveryMembers = [
  "type",
  "run_id",
  "source",
  "received_at",
  "revision",
  "same_person",
  "lead",
  "data",
] as const;

export const targetsMax = 300;
export const targetDepthMax = 10;

/** The members on the way to a target; null: it is none. */
export function targetTokens(target: string): readonly string[] | null {
  const tokens = target.startsWith("/") ? parsePointer(target) : target.split(".");
  if (tokens === null || tokens.length > targetDepthMax) return null;
  return tokens.some((token) => token === "" || token === "__proto__") ? null : tokens;
}
