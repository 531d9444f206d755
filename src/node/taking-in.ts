// Takes leads in on this node, keeps what was turned away, and counts it.
import { createRateLimiter } from "../domain/sources/rate-limiter.ts";
import { createAddressLimits } from "../intake/address-limits.ts";
import { createContentHash } from "../intake/content-hash.ts";
import type { DeniedRequests } from "../intake/denied-requests.ts";
import { createDeniedRequests } from "../intake/denied-requests.ts";
import type { HealthCheckRecorder } from "../intake/health-checks.ts";
import { createHealthCheckRecorder } from "../intake/health-checks.ts";
import type { Intake, NoteRefused } from "../intake/intake.ts";
import { createIntake } from "../intake/intake.ts";
import { noIntake } from "../intake/no-intake.ts";
import { createPersonIndex } from "../intake/person-index.ts";
import type { PersonIndex } from "../intake/person-index.ts";
import type { Quarantine } from "../intake/quarantine.ts";
import { createQuarantine } from "../intake/quarantine.ts";
import type { LeadRecorder } from "../intake/record-lead.ts";
import { createLeadRecorder } from "../intake/record-lead.ts";
import type { SenderNotices } from "../intake/sender-notices.ts";
import { createSenderNotices } from "../intake/sender-notices.ts";
import type { SourceDirectory } from "../intake/source-directory.ts";
import { createSourceDirectory } from "../intake/source-directory.ts";
import { createIntakeCommit } from "../ledger/intake/intake-commit.ts";
import type { Reserve } from "../domain/destinations/handover.ts";
import type { NodeBase } from "./node-base.ts";

export interface TakingIn {
  readonly sources: SourceDirectory;
  readonly recorder: LeadRecorder;
  readonly intake: Intake;
  readonly healthChecks: HealthCheckRecorder;
  readonly persons: PersonIndex;
  readonly deniedRequests: DeniedRequests;
  readonly senderNotices: SenderNotices;
  readonly quarantine: Quarantine;
}

export interface TakingInDeps {
  readonly openIntake: boolean;
  readonly reserve: Reserve;
  /** After a run was written. */
  readonly onWritten: (runId: string) => void;
}

export function openTakingIn(base: NodeBase, deps: TakingInDeps): TakingIn {
  const { installation, database, databaseCircuit, background, intervals, clock, lease, log, monotonicMs } =
    base;
  const { keys } = installation;
  const store = base.disk?.store ?? null;
  const sources = createSourceDirectory(deps.openIntake, base.kinds.sources, (source, fault) => {
    log("error", "schema_unusable", { source, code: fault.code });
  });
  const isThere = (): boolean => databaseCircuit.isThere;
  const { isConfigured } = sources;
  const intakeCommit = createIntakeCommit(database, lease);
  const recorder = createLeadRecorder({
    database,
    databaseCircuit,
    newLeads: intakeCommit,
    spool: store,
    lease,
    reserve: deps.reserve,
    onWaiting: () => background.wake("poll"),
    onWritten: deps.onWritten,
    monotonicMs,
    log,
  });
  const deniedRequests = createDeniedRequests(database, log, { isConfigured, isThere, monotonicMs });
  const senderNotices = createSenderNotices(database);
  const persons = createPersonIndex(keys.subkey("person-index"));
  const quarantine = createQuarantine({
    database,
    box: installation.contentBox,
    persons,
    rateLimiter: createRateLimiter(monotonicMs),
    isConfigured,
    isThere,
    log,
  });
  const onDenied: NoteRefused = (sourceName, code, reason) => {
    const source = sourceName !== null && isConfigured(sourceName) ? sourceName : null;
    deniedRequests.note(sourceName, code, source === null ? undefined : reason);
    log("debug", "request_denied", { source, code });
  };
  const takesLeads = base.roles.includes("intake");
  const intake = createIntake({
    sources,
    recorder,
    persons,
    quarantine,
    contentHash: createContentHash(keys.subkey("body-hash"), persons),
    rateLimiter: createRateLimiter(monotonicMs),
    addressLimits: createAddressLimits(monotonicMs),
    nowMs: () => clock.nowMs(),
    onNotice: (sourceName, notice) => senderNotices.note(sourceName, notice),
    onDenied,
    log,
  });
  const healthChecks = createHealthCheckRecorder({
    databaseCircuit,
    log,
    write: (at) => intakeCommit.recordHealthCheck(at),
    keep: (at) => store?.keepHealthCheck(at) ?? Promise.resolve(false),
  });
  base.metrics.gauge(
    "leadledger_intake_queue_leads",
    "Leads, and health checks among them, that wait for the database",
    () => recorder.queueLength,
  );
  // From the start on: it counts what is refused while the database is away, too.
  background.every("denied_requests", intervals.deniedRequestsMs, () => deniedRequests.flush("due"));
  return {
    sources,
    recorder,
    intake: takesLeads ? intake : noIntake(onDenied),
    healthChecks,
    persons,
    deniedRequests,
    senderNotices,
    quarantine,
  };
}

/** From the first contact with the database on. */
export function startTakingIn(
  { background, intervals }: NodeBase,
  { senderNotices, quarantine }: TakingIn,
): void {
  background.every("sender_notices", intervals.senderNoticesMs, () => senderNotices.flush());
  background.every("quarantine", intervals.quarantineMs, () => quarantine.flush());
}
