// Of what is never shown of a source, what may be: its secrets' fingerprints.
import type { Source } from "../api/types.ts";
import type { Stored } from "../ui/form/draft.ts";

export function storedOf({ auth }: Source): Stored {
  const fingerprints = auth.secrets.map(({ fingerprint }) => fingerprint);
  // Where the kind stands at the top of the entry, its secret does, too.
  return { "auth.secret": fingerprints, secret: fingerprints, token: fingerprints, google_key: fingerprints };
}
