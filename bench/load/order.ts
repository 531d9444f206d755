// What the load generator is asked to do, and what it reports: messages between two processes.

export interface LoadOrder {
  readonly port: number;
  readonly keyPrefix: string;
  /** See `RequestPlan`. */
  readonly sender?: string;
  /** See `RequestPlan`. */
  readonly firstNumber?: number;
  readonly connections: number;
  /** Sent first, so that everything is compiled and every cache is filled; answers are checked, not timed. */
  readonly warmUpMs: number;
  readonly load: ClosedLoop | OpenLoop;
}

/** Every connection sends its next request as soon as the answer to the last one is there. */
export interface ClosedLoop {
  readonly kind: "closed";
  readonly durationMs: number;
  /** Ends the load as well; so many requests are made before the clock starts. */
  readonly leadsMax: number;
  /** Begin again with the first lead instead of ending; for servers that store nothing. */
  readonly cycle: boolean;
  /** Health checks among the leads; null: none. */
  readonly health: HealthChecks | null;
}

export interface HealthChecks {
  /** After so many leads whichever connection is free asks for one, and brings no lead meanwhile. */
  readonly everyLeads: number;
  /** Length of a slice; slices.ts says which have health checks. */
  readonly sliceMs: number;
}

/** Requests start at fixed times, whatever the answers do; latency counts from the time that was intended. */
export interface OpenLoop {
  readonly kind: "open";
  readonly durationMs: number;
  readonly perSecond: number;
}

export interface LoadReport {
  /** Requests for leads: sent, and answered with 202 `accepted`, or as taken by their sender's kind. */
  readonly sent: number;
  readonly accepted: number;
  readonly healthy: number;
  /** What went wrong, and how often: other answers, broken connections, answers that never came. */
  readonly failures: Readonly<Record<string, number>>;
  /** The time measured, without warming up, and the leads accepted in it. */
  readonly measuredMs: number;
  readonly acceptedWhileMeasured: number;
  readonly perSecond: number;
  /** The same leads by slice; empty without health checks. */
  readonly acceptedPerSlice: readonly number[];
  readonly latency: Latency;
  /** How late the generator itself was; open loop only. */
  readonly lateness: Latency;
  /** Of the keys of all accepted leads, and of `key:run_id`; see checksum.ts. */
  readonly keys: string;
  readonly keysAndIds: string;
  /** When the first request of all was to start, on the machine's monotonic clock. */
  readonly startedAtMs: number;
  /** Number of the lead and the intended start of its request; open loop only, without warming up. */
  readonly intendedAtMs: readonly (readonly [number, number])[];
  readonly cpuSeconds: number;
}

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}
