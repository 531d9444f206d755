// A copy of the configuration on disk, as it was when the database was last asked: with it a node that starts during an
// outage knows who may post and where leads go. Encrypted as a whole; it belongs to one root key.
import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { StoredConfiguration, StoredPart } from "../ledger/configuration/configuration.ts";
import { ensureDataFolder, isErrno, writeDurably } from "./data-folder.ts";
import { decryptSecret, encryptSecret } from "./keys.ts";
import type { Keys } from "./keys.ts";

const fileName = "configuration.copy";
const associated = "configuration-copy";

export interface ConfigurationCopy {
  readonly revision: number;
  readonly configuration: StoredConfiguration;
}

type WrittenPart = Omit<StoredPart, "secrets"> & { readonly secrets: string | null };

export async function writeConfigurationCopy(
  dataDir: string,
  keys: Keys,
  { revision, configuration }: ConfigurationCopy,
): Promise<void> {
  const written = (part: StoredPart): WrittenPart => ({
    ...part,
    secrets: part.secrets?.toString("base64") ?? null,
  });
  const { sources, destinations } = configuration;
  const text = JSON.stringify({
    revision,
    sources: sources.map(written),
    destinations: destinations.map(written),
  });
  const folder = await ensureDataFolder(dataDir);
  const content = encryptSecret(keys.subkey("spool"), associated, text).toString("base64");
  const path = join(folder, fileName);
  // Nodes that share the folder write the same; the name of the temporary file must not be shared, too. In containers all
  // of them may have the same pid.
  const writer = randomBytes(4).toString("hex");
  try {
    await writeDurably(path, content, writer);
  } catch (error) {
    await rm(`${path}.${writer}`, { force: true });
    throw error;
  }
}

/** null: there is none. @throws {KeyError} it was written under a different key, or is damaged */
export async function readConfigurationCopy(dataDir: string, keys: Keys): Promise<ConfigurationCopy | null> {
  let content: string;
  try {
    content = await readFile(join(dataDir, fileName), "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  }
  const text = decryptSecret(keys.subkey("spool"), associated, Buffer.from(content, "base64"));
  const { revision, sources, destinations } = JSON.parse(text) as {
    readonly revision: number;
    readonly sources: readonly WrittenPart[];
    readonly destinations: readonly WrittenPart[];
  };
  const stored = (part: WrittenPart): StoredPart => ({
    ...part,
    secrets: part.secrets === null ? null : Buffer.from(part.secrets, "base64"),
  });
  return {
    revision,
    configuration: { sources: sources.map(stored), destinations: destinations.map(stored) },
  };
}
