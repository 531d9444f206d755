// The source of the first start: made in the database, so that the dashboard can change it, and shown until a lead has come.
import { randomBytes } from "node:crypto";
import { firstSourceEntry, firstSourceName } from "../../config/first-configuration.ts";
import { declaredOf } from "../../config/declared-kind.ts";
import { createPartManager } from "../../config/managed-part.ts";
import { sourceParts } from "../../config/source-part.ts";
import { sourceOf } from "../../config/stored-configuration.ts";
import type { Kinds } from "../../kinds/kinds.ts";
import { findManagedPart } from "../../ledger/configuration/managed-parts.ts";
import { listRuns } from "../../ledger/leads/run-list.ts";
import { readConfigurationRevision } from "../../ledger/settings/settings.ts";
import type { Installation } from "../../runtime/installation.ts";

/** Another node that starts at the same moment may have made it; then it stays as that one made it. */
export async function makeFirstSource({ database, secretBox }: Installation, kinds: Kinds): Promise<void> {
  const { rejectBodySchema } = await import("../../app.ts");
  const random = (size: number): Uint8Array => randomBytes(size);
  const manager = createPartManager(sourceParts(kinds), {
    database,
    secretBox,
    random,
    rejectBodySchema,
    onChange: () => undefined,
  });
  await manager.create(firstSourceName, firstSourceEntry(kinds), {
    actor: "system",
    mayWriteExpressions: false,
  });
}

/** The token to try things out with: as long as nothing else has been configured, and no lead has come. */
export async function firstToken(
  { database, secretBox }: Installation,
  kinds: Kinds,
): Promise<string | null> {
  if ((await readConfigurationRevision(database)) !== 1) return null;
  const part = await findManagedPart(database, "sources", firstSourceName);
  if (part?.enabled !== true || part.managedBy !== "api") return null;
  const { auth } = sourceOf(part.stored, secretBox, kinds);
  const isToken = declaredOf(kinds.sources, auth.kind)?.proof === "bearer";
  const token = isToken ? auth.secrets?.[0]?.value : undefined;
  if (token === undefined) return null;
  return (await listRuns(database, {}, 1)).length === 0 ? token : null;
}
