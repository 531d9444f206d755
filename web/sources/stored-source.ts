// Of what is never shown of a source, what may be: its secrets' fingerprints.
import type { Source } from "../api/types.ts";
import type { Stored } from "../ui/form/draft.ts";

export function storedOf({ auth }: Source): Stored {
  return { "auth.secret": auth.secrets.map(({ fingerprint }) => fingerprint) };
}
