// Puts values of environment variables into a text: `${NAME}`; `$${` stands for a literal `${`.
import type { Said } from "./problem.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

export interface Expanded {
  /** Contains secrets as soon as `usesVariables`. */
  readonly text: string;
  readonly usesVariables: boolean;
  /** They name variables, never what is in them. */
  readonly problems: readonly Said[];
}

/** Values are put in as they are and never expanded again, so a value cannot refer to another variable. */
export function expandVariables(text: string, variables: Variables): Expanded {
  const problems: Said[] = [];
  let usesVariables = false;
  const expanded = text.replaceAll(reference, (whole: string, escape: string, name: string | undefined) => {
    if (escape !== "") return whole.slice(1);
    usesVariables = true;
    const found = lookUp(name, variables);
    if (typeof found === "string") return found;
    problems.push(found);
    return "";
  });
  return { text: expanded, usesVariables, problems };
}

const reference = /\$(\$?)\{(?:([^{}]*)\})?/g;

function lookUp(name: string | undefined, variables: Variables): string | Said {
  if (name === undefined || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return { code: "variable_malformed", params: {} };
  }
  // Own properties only: `${constructor}` is no variable.
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value === undefined) return { code: "variable_missing", params: { variable: name } };
  if (value === "") return { code: "variable_empty", params: { variable: name } };
  return value;
}
