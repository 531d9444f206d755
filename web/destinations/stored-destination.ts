// Of what is never shown of a destination, what may be: the origin of its address, names of headers, fingerprints.
import type { Destination, Forms, FormField } from "../api/types.ts";
import { memberAt, withOptionFields } from "../ui/form/draft.ts";
import type { Stored } from "../ui/form/draft.ts";
import { secretsIn } from "../ui/form/shown-secrets.ts";

export function storedOf(destination: Destination, fields: readonly FormField[]): Stored {
  return Object.fromEntries(
    withOptionFields(fields).flatMap(({ name, shown_as: member }) =>
      member === undefined ? [] : [[name, tracesIn(memberAt(destination, member))]],
    ),
  );
}

/** A text, several, or secrets. */
function tracesIn(shown: unknown): readonly string[] {
  if (typeof shown === "string") return [shown];
  const texts = Array.isArray(shown) ? shown.filter((each) => typeof each === "string") : [];
  return texts.length > 0 ? texts : secretsIn(shown).map(({ fingerprint }) => fingerprint);
}

export function fieldsOf({ destinations }: Forms, { kind }: Destination): readonly FormField[] {
  return destinations.find((form) => form.kind === kind)?.fields ?? [];
}
