// What this node tells senders of the installation around it: the address under which people reach it, and their time.
import type { Surroundings } from "../kinds/destinations/surroundings.ts";
import type { Database } from "../ledger/connection/database.ts";
import type { ContactLinks } from "../runtime/contact-links.ts";
import { defaultTimezone, readTimezone } from "../ledger/settings/settings.ts";

export interface FollowedSurroundings {
  readonly current: () => Surroundings;
  /** Reads the time zone anew. */
  follow(): Promise<void>;
}

/** `publicUrl`: null: it is not set. */
export function followSurroundings(
  database: Database,
  publicUrl: string | null,
  { pathOf: contactPath }: Pick<ContactLinks, "pathOf">,
): FollowedSurroundings {
  let timezone = defaultTimezone;
  return {
    current: () => ({ publicUrl, timezone, contactPath }),
    async follow() {
      timezone = await readTimezone(database);
    },
  };
}
