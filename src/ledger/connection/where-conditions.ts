// Conditions of a filter, collected with their numbered parameters: values never become part of the SQL text.

export interface Conditions {
  /** One boolean expression; `TRUE` without any condition. */
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Writes the condition for the parameter that it is given (`$3`). */
type Condition = (parameter: string) => string;

/** `firstParameter`: the number of the first parameter that is free, from 1. */
export function conditionList(firstParameter: number) {
  const parts: string[] = [];
  const values: unknown[] = [];
  return {
    /** Nothing where the filter says nothing (undefined). */
    where(value: unknown, condition: Condition): void {
      if (value === undefined) return;
      values.push(value);
      parts.push(condition(`$${firstParameter + values.length - 1}`));
    },
    whereFlag(flag: boolean | undefined, condition: string): void {
      if (flag !== undefined) parts.push(flag ? condition : `NOT (${condition})`);
    },
    always(condition: string): void {
      parts.push(condition);
    },
    done(): Conditions {
      return { sql: parts.length === 0 ? "TRUE" : parts.map((part) => `(${part})`).join(" AND "), values };
    },
  };
}

/** `text` stands somewhere in the column, whatever the case; no character of it is a wildcard. */
export function containsText(column: string): Condition {
  return (text) => `strpos(lower(${column}), lower(${text})) > 0`;
}

export function oneOfTexts(column: string): Condition {
  return (list) => `${column} = ANY (${list}::text[])`;
}

/** Keyed hashes come as hexadecimal text, so that a filter can be kept as JSON. */
export function equalsHash(column: string): Condition {
  return (hashes) =>
    `${column} IN (SELECT decode(each, 'hex') FROM unnest(string_to_array(${hashes}, ',')) AS each)`;
}
