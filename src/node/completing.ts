// Fetches what leads say that came as ids, after they were taken: in the background, a few at a time, each by one node.
import { completionDelayMs, completionFailure, concernsSource, isStuck } from "../domain/leads/completion.ts";
import type { CompletionFailure } from "../domain/leads/completion.ts";
import { parseExactly } from "../domain/values/exact-json.ts";
import { completedBody } from "../intake/completed-body.ts";
import type { PersonIndex } from "../intake/person-index.ts";
import type { KnownSource, SourceDirectory } from "../intake/source-directory.ts";
import type { Completion, CompletionReach, Get } from "../kinds/sources/completion/complete.ts";
import { openVendorInterface } from "../kinds/sources/completion/vendor-interface.ts";
import type { VendorInterface } from "../kinds/sources/completion/vendor-interface.ts";
import { readCurrentBodies } from "../ledger/leads/current-bodies.ts";
import {
  claimIncompleteLeads,
  completeLead,
  isAnyToBeTried,
  putOffLead,
  releaseWholeLead,
} from "../ledger/leads/incomplete-leads.ts";
import type { ClaimedLead } from "../ledger/leads/incomplete-leads.ts";
import type { NodeBase } from "./node-base.ts";

/** Of nobody who lives: a node that dies holds up its leads for so long. */
const leaseMs = 60_000;
const leadsAtOnce = 8;

export interface Completing {
  /** From the first contact with the database on. */
  start(): void;
  /** After the tasks have ended. */
  close(): Promise<void>;
}

export interface CompletingDeps {
  readonly sources: SourceDirectory;
  readonly persons: PersonIndex;
  /** Of the configuration that this node goes by. */
  readonly revision: () => number;
  /** Names the proxies that the outside is reached through. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends what is under way. */
  readonly stopping: AbortSignal;
}

export function openCompleting(base: NodeBase, deps: CompletingDeps): Completing {
  const { background, database, intervals, lease, log, roles } = base;
  const { sources, persons, revision, stopping } = deps;
  const vendors = new Map<string, VendorInterface>();
  const toldVersions = new Set<string>();
  let lookedAtRevision: number | null = null;

  async function run(): Promise<void> {
    const current = revision();
    // Of sources that are gone there may be some, too: these are looked at until a person has to.
    if (!sources.completesLeads && lookedAtRevision === current) return;
    while (!stopping.aborted) {
      const terms = { node: lease.node, leaseMs, revision: current, limit: leadsAtOnce };
      const claimed = await claimIncompleteLeads(database, terms);
      if (claimed.length === 0) break;
      const bodies = await readCurrentBodies(
        database,
        claimed.map(({ runId }) => runId),
      );
      await Promise.all(claimed.map((lead) => complete(lead, bodies.get(lead.runId) ?? null, current)));
    }
    if (!sources.completesLeads) lookedAtRevision = (await isAnyToBeTried(database)) ? null : current;
  }

  async function complete(lead: ClaimedLead, bodyJson: string | null, current: number): Promise<void> {
    const known = sources.find(lead.source);
    const kind = known?.kind?.complete;
    const body = bodyJson === null ? null : parseExactly(bodyJson);
    if (body === null || (kind !== undefined && !kind.needs(body))) {
      if (await releaseWholeLead(database, lease.node, lead)) background.wake("poll");
      return;
    }
    const fetched = await fetchLead(known, body);
    if (fetched.kind === "failed") await putOff(lead, fetched, current);
    else await record(lead, known, body, fetched, current);
  }

  async function fetchLead(known: KnownSource | null, body: unknown): Promise<Completion> {
    if (known === null) return completionFailure("completion_source_removed", "the source was removed");
    const { source, kind } = known;
    if (kind?.complete === undefined || source.completes !== true)
      return completionFailure("completion_without_token", `the source ${source.name} has no token`);
    return kind.complete.fetch(source.auth, body, getFrom(kind.complete.reach(source.auth)));
  }

  function getFrom(reach: CompletionReach): Get {
    const key = `${reach.url.href} ${reach.allowPrivate}`;
    const vendor =
      vendors.get(key) ?? openVendorInterface(reach, { concurrency: leadsAtOnce, env: deps.env, stopping });
    vendors.set(key, vendor);
    return vendor.get;
  }

  async function record(
    lead: ClaimedLead,
    known: KnownSource | null,
    body: unknown,
    { members, version }: Extract<Completion, { kind: "completed" }>,
    current: number,
  ): Promise<void> {
    if (known === null) return;
    const completed = completedBody(known, body as object, members, persons);
    if (completed.kind !== "completed") {
      await putOff(lead, completionFailure("completion_answer_unusable", completed.message), current);
      return;
    }
    const apiVersion = version?.answered ?? null;
    if (!(await completeLead(database, lease.node, lead, { ...completed, apiVersion }))) return;
    log("debug", "lead_completed", { source: lead.source, run_id: lead.runId });
    if (version !== null) tellVersion(lead.source, version);
    background.wake("poll");
  }

  /** Once per source: an interface that does not know a version answers in another one without an error. */
  function tellVersion(source: string, { asked, answered }: { asked: string; answered: string }): void {
    const key = `${source} ${asked} ${answered}`;
    if (asked === answered || toldVersions.has(key)) return;
    toldVersions.add(key);
    log("warn", "completion_version_differs", { source, asked, answered });
  }

  async function putOff(lead: ClaimedLead, failure: CompletionFailure, current: number): Promise<void> {
    // Attempts that we ended ourselves tell nothing: the lease ends, and another one goes on.
    if (stopping.aborted) return;
    const { code, message } = failure;
    const isNews = code !== lead.errorCode;
    const terms = {
      code,
      message,
      delayMs: completionDelayMs(failure, lead.attempts),
      isStuck: isStuck(code),
      isOfSource: concernsSource(code),
      revision: current,
    };
    if ((await putOffLead(database, lease.node, lead, terms)) && isNews)
      log("warn", "lead_not_completed", { source: lead.source, run_id: lead.runId, code, error: message });
  }

  return {
    start() {
      if (roles.includes("delivery")) background.every("completions", intervals.completionsMs, run);
    },
    async close() {
      await Promise.all([...vendors.values()].map((vendor) => vendor.close()));
    },
  };
}
