// Regular test leads of sources that bring too little for their silence to say something: sent as the source would take
// them, and watched until they were processed.
import { sourceOf } from "../config/stored-configuration.ts";
import { createPersonIndex } from "../intake/person-index.ts";
import { createTestLeads } from "../intake/test-lead.ts";
import type { TestLeadAnswer } from "../intake/test-lead.ts";
import { readingOf } from "../kinds/sources/lead-readings.ts";
import { findManagedPart } from "../ledger/configuration/managed-parts.ts";
import { transaction } from "../ledger/connection/database.ts";
import { listDueHeartbeats, noteHeartbeats, noteHeartbeatSent } from "../ledger/figures/heartbeats.ts";
import type { LeaderTask } from "../runtime/leadership.ts";
import type { NodeBase } from "./node-base.ts";

type HeartbeatDeps = Pick<NodeBase, "installation" | "kinds" | "database" | "lease" | "log">;

export function createHeartbeats({ installation, kinds, database, lease, log }: HeartbeatDeps): LeaderTask {
  const sendTest = createTestLeads({
    database,
    persons: createPersonIndex(installation.keys.subkey("person-index")),
    readingOf: (source) => readingOf(source, kinds.sources),
    recorder: null,
    node: lease.node,
    log,
  });
  return async (guard) => {
    const due = await transaction(database, "system", async (client) => {
      await guard(client);
      await noteHeartbeats(client);
      const sources = await listDueHeartbeats(client);
      // Noted before it is sent: a leader that dies in between sends one too few, and none twice.
      for (const source of sources) await noteHeartbeatSent(client, source, null);
      return sources;
    });
    for (const name of due) {
      const part = await findManagedPart(database, "sources", name);
      if (part === null) continue;
      const source = sourceOf(part.stored, installation.secretBox, kinds);
      const { answer } = await sendTest({ source, destinations: source.to, body: null, actor: "system" });
      const trouble = troubleOf(answer);
      if (trouble !== null) await noteHeartbeatSent(database, name, trouble);
    }
  };
}

/** In words of intake, which never repeat a value; null: it was accepted. */
function troubleOf(answer: TestLeadAnswer): string | null {
  switch (answer.kind) {
    case "recorded":
      return null;
    case "refused":
      return answer.message;
    default:
      return answer.kind;
  }
}
