// The configuration that this node goes by: what the database holds, read again when its revision has changed. What was
// read last is copied to disk, for a start during an outage.
import { readConfiguration } from "../ledger/configuration/configuration.ts";
import type { StoredConfiguration } from "../ledger/configuration/configuration.ts";
import type { Database } from "../ledger/connection/database.ts";
import { readConfigurationRevision } from "../ledger/settings/settings.ts";
import { writeConfigurationCopy } from "./configuration-copy.ts";
import type { ConfigurationCopy } from "./configuration-copy.ts";
import type { Keys } from "./keys.ts";

export interface FollowedConfiguration {
  /** That this node goes by; -1 before the first. */
  readonly revision: number;
  /** Without the database: goes by what was copied at another time. */
  goBy(copy: ConfigurationCopy): void;
  /** Reads the database's and goes by it if it is a different one. */
  follow(): Promise<void>;
  /** Copies what was read to disk. Rejects while the disk does not take it; everything else works without. */
  copy(): Promise<void>;
}

export interface FollowedConfigurationDeps {
  readonly database: Database;
  readonly dataDir: string;
  readonly keys: Keys;
  /** Makes the node work by it. Throws when its secrets cannot be decrypted; then the node goes on as before. */
  readonly use: (revision: number, configuration: StoredConfiguration) => void;
  /** There is something to copy. */
  readonly onRead: () => void;
}

export function createFollowedConfiguration(deps: FollowedConfigurationDeps): FollowedConfiguration {
  const { database, dataDir, keys } = deps;
  let revision = -1;
  let notCopied: ConfigurationCopy | null = null;

  function goBy(copy: ConfigurationCopy): void {
    deps.use(copy.revision, copy.configuration);
    revision = copy.revision;
  }

  return {
    get revision() {
      return revision;
    },
    goBy,
    async follow() {
      const current = await readConfigurationRevision(database);
      if (current === revision) return;
      const read = { revision: current, configuration: await readConfiguration(database) };
      goBy(read);
      notCopied = read;
      deps.onRead();
    },
    async copy() {
      const read = notCopied;
      if (read === null) return;
      await writeConfigurationCopy(dataDir, keys, read);
      if (notCopied === read) notCopied = null;
    },
  };
}
