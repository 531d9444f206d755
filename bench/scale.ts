// How much is measured: the full bench, for figures that are worth keeping, or the quick one, which shows that it works.

export interface Scale {
  readonly name: "full" | "quick";
  readonly rounds: number;
  readonly kindRounds: number;
  /** How often a run is measured at most, until the host leaves the cores alone. */
  readonly triesMax: number;
  /** Cores count as left alone while the host takes no more of their time, 0 to 1. */
  readonly takenShareMax: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
  readonly connections: number;
  /**
   * Leads per run of the delivery part, by contestant: each takes about as long. What is compared with each other to a few
   * percent must have as many: V8 goes on compiling for the first ten thousand.
   */
  readonly deliverLeads: { readonly product: number; readonly peers: number };
  readonly latencyPerSecond: number;
  /** Until V8 has compiled what 200 leads per second use. */
  readonly latencyWarmUpMs: number;
  readonly latencyMs: number;
  readonly latencyRounds: number;
  readonly healthRounds: number;
  /** Each run has so many blocks of four slices, with and without health checks. */
  readonly healthBlocks: number;
  readonly healthSliceMs: number;
  readonly memorySlices: number;
  /** Until what a start leaves behind is done: V8 collects its garbage twice within the first ten seconds. */
  readonly settleDownMs: number;
  readonly idleMs: number;
  readonly starts: number;
  readonly bytesLeads: number;
  /** Runs in the database before it is measured. */
  readonly growthSizes: readonly number[];
  readonly growthRounds: number;
  readonly rollUps: number;
  readonly soakMs: number;
  readonly soakPerSecond: number;
}

export const fullScale: Scale = {
  name: "full",
  rounds: 5,
  kindRounds: 3,
  triesMax: 3,
  takenShareMax: 0.02,
  warmUpMs: 3_000,
  measuredMs: 8_000,
  connections: 128,
  deliverLeads: { product: 40_000, peers: 8_000 },
  latencyPerSecond: 200,
  latencyWarmUpMs: 15_000,
  latencyMs: 20_000,
  latencyRounds: 3,
  healthRounds: 5,
  healthBlocks: 8,
  healthSliceMs: 500,
  memorySlices: 6,
  settleDownMs: 15_000,
  idleMs: 20_000,
  starts: 5,
  bytesLeads: 20_000,
  growthSizes: [1_000_000, 5_000_000],
  growthRounds: 5,
  rollUps: 7,
  soakMs: 600_000,
  soakPerSecond: 1_500,
};

export const quickScale: Scale = {
  ...fullScale,
  name: "quick",
  rounds: 1,
  kindRounds: 1,
  triesMax: 1,
  warmUpMs: 1_000,
  measuredMs: 1_500,
  deliverLeads: { product: 6_000, peers: 1_500 },
  latencyWarmUpMs: 1_000,
  latencyMs: 3_000,
  latencyRounds: 1,
  healthRounds: 1,
  healthBlocks: 2,
  memorySlices: 1,
  settleDownMs: 3_000,
  idleMs: 4_000,
  starts: 1,
  bytesLeads: 2_000,
  growthSizes: [50_000],
  growthRounds: 1,
  rollUps: 2,
  soakMs: 8_000,
};
