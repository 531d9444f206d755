// Of what is never shown of a destination, what may be: the origin of its address, names of headers, fingerprints.
import type { Destination, Forms, FormField } from "../api/types.ts";
import type { Stored } from "../ui/form/draft.ts";

export function storedOf(destination: Destination): Stored {
  if (destination.kind === "external") return {};
  const { origin, header_names: headers, secrets } = destination;
  return { url: [origin], headers, secret: secrets.map(({ fingerprint }) => fingerprint) };
}

export function fieldsOf({ destinations }: Forms, { kind }: Destination): readonly FormField[] {
  return destinations.find((form) => form.kind === kind)?.fields ?? [];
}
