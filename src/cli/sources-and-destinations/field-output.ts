// What the command line shows of the fields that a kind declares.
import { writeExactly } from "../../domain/values/exact-json.ts";
import { declaredOf } from "../../config/declared-kind.ts";
import type { DeclaredKind } from "../../config/declared-kind.ts";
import type { Field } from "../../config/fields/field.ts";
import type { CommandContext } from "../frame/command.ts";
import { secretText } from "./part-output.ts";
import type { ShownSecret } from "./part-output.ts";
import type { Cell } from "../frame/table.ts";
import type { TimeText } from "../frame/times.ts";

interface KindItem {
  readonly kind: string;
  readonly [member: string]: unknown;
}

/** One row per field; of a kind that this program does not know there are none. Whether it is paused is its state. */
export function fieldRows(
  context: CommandContext,
  kinds: readonly DeclaredKind[],
  item: KindItem,
  times: TimeText,
): readonly (readonly [string, Cell])[] {
  const { fields = {} } = declaredOf(kinds, item.kind) ?? {};
  return Object.values(fields)
    .filter(({ member, type }) => member !== "paused" && type !== "secrets")
    .map((field) => [
      context.say(field.texts.option?.title ?? field.texts.label),
      cellOf(context, field, item[field.shown.member], times),
    ]);
}

/** Where it sends to, as far as that may be seen; null: nowhere, or its kind is not known here. */
export function addressOf(kinds: readonly DeclaredKind[], item: KindItem): string | null {
  const { fields = {} } = declaredOf(kinds, item.kind) ?? {};
  const address = Object.values(fields).find(({ isAddress }) => isAddress);
  const shown = address === undefined ? null : item[address.shown.member];
  return typeof shown === "string" ? shown : null;
}

function cellOf(context: CommandContext, field: Field<unknown>, shown: unknown, times: TimeText): Cell {
  if (field.fields !== undefined && typeof shown === "object" && shown !== null) {
    const members = shown as Readonly<Record<string, unknown>>;
    return Object.values(field.fields)
      .map((inner) => cellOf(context, inner, members[inner.shown.member], times))
      .filter((cell): cell is string => typeof cell === "string" && cell !== "")
      .join(" | ");
  }
  switch (field.type) {
    case "secret":
      return secretsOf(shown)
        .map((secret) => secretText(secret, times, context))
        .join(", ");
    case "boolean":
      return shown === true ? context.say(field.texts.option?.on ?? { en: "yes", de: "ja" }) : null;
    case "headers":
    case "parameters":
      return Array.isArray(shown) ? shown.join(", ") : null;
    case "json":
      return shown === null || shown === undefined ? null : writeExactly(shown);
    case "durations":
    case "texts":
      return Array.isArray(shown) ? shown.join(" ") : null;
    default:
      return typeof shown === "string" || typeof shown === "number" ? shown : null;
  }
}

function secretsOf(shown: unknown): readonly ShownSecret[] {
  if (Array.isArray(shown)) return shown as readonly ShownSecret[];
  return typeof shown === "object" && shown !== null ? [shown as ShownSecret] : [];
}
