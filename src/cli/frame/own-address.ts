// Under which address an installation is reached, as far as a command on its machine can know.
import { addressOf } from "../../config/first-configuration.ts";
import type { Environment } from "../../config/environment.ts";
import type { CommandContext } from "./command.ts";
import { loadFile } from "./configuration-file.ts";

/** `public_url` of leadledger.yaml; where it is not set, or the file cannot be used, what `serve` would listen on here. */
export async function ownAddress(context: CommandContext, environment: Environment): Promise<string> {
  const loaded = await loadFile(environment.configPath, context, null);
  const publicUrl = loaded.ok ? loaded.configuration.publicUrl : undefined;
  return (
    publicUrl?.href ?? addressOf({ ...environment, scheme: environment.tls === null ? "http" : "https" })
  );
}
