// How often what runs in a node runs again, in one place: what people were promised depends on these together.

/** Each: how long after its end a task runs again, unless it is woken before. */
export interface TaskIntervals {
  readonly pollMs: number;
  readonly recoverMs: number;
  readonly uncalledMs: number;
  readonly configurationCopyMs: number;
  readonly drainMs: number;
  readonly spoolTakeOverMs: number;
  readonly kpiRollUpMs: number;
  readonly alertsMs: number;
  readonly notificationsMs: number;
  readonly circuitsMs: number;
  readonly dlqCausesMs: number;
  readonly heldDeliveriesMs: number;
  readonly waitingRevisionsMs: number;
  readonly quarantineExpiryMs: number;
  readonly namesShownMs: number;
  readonly personNamesMs: number;
  readonly removedDestinationsMs: number;
  readonly reportsMs: number;
  readonly serviceLevelsMs: number;
  readonly silencesMs: number;
  readonly heartbeatsMs: number;
  readonly deniedRequestsMs: number;
  readonly senderNoticesMs: number;
  readonly quarantineMs: number;
  readonly certificateMs: number;
  readonly historyMs: number;
  readonly clockMs: number;
  readonly completionsMs: number;
  readonly refusedSignInsMs: number;
  readonly firstContactMs: number;
  readonly nodeReportMs: number;
  readonly outageMs: number;
  readonly deadMansSwitchMs: number;
}

export const taskIntervals: TaskIntervals = {
  /** What becomes due is claimed when it is due; this is for what others make due, who were promised a second. */
  pollMs: 750,
  /** Polls find what is to be recovered as well; this is for when no destination has a free place. */
  recoverMs: 3_000,
  /** For tasks that a poll calls when there is something to do. */
  uncalledMs: 10_000,
  configurationCopyMs: 5_000,
  drainMs: 500,
  spoolTakeOverMs: 10_000,
  /** People were promised figures of the last two seconds. */
  kpiRollUpMs: 1_500,
  /** How late an alarm is seen, at most. */
  alertsMs: 5_000,
  notificationsMs: 2_000,
  /** What waited for a circuit to close is made due within it. */
  circuitsMs: 2_000,
  /** Of differences that are read as well before they are rolled up. */
  dlqCausesMs: 10_000,
  heldDeliveriesMs: 1_000,
  /** Behind an attempt that was under way when its lead was changed. */
  waitingRevisionsMs: 1_000,
  quarantineExpiryMs: 60_000,
  /** For hours that are over. */
  namesShownMs: 60_000,
  /** So far behind intake people are found by name. */
  personNamesMs: 1_000,
  removedDestinationsMs: 10_000,
  reportsMs: 15_000,
  /** So old figures of service levels are, and alarms about them so late. */
  serviceLevelsMs: 5_000,
  /** A lively source that is dead is noticed within minutes. */
  silencesMs: 60_000,
  heartbeatsMs: 60_000,
  deniedRequestsMs: 2_000,
  senderNoticesMs: 2_000,
  quarantineMs: 1_000,
  certificateMs: 5_000,
  /** So much of what was confirmed is at most unknown to the data folder when database and node die together. */
  historyMs: 2_000,
  clockMs: 10_000,
  /** Of nodes that deliver; asks only where a source has leads that come as ids. */
  completionsMs: 500,
  refusedSignInsMs: 10_000,
  firstContactMs: 1_000,
  /** What changed is written then; where nothing has, `nodeLimits.renewedMs` decides. */
  nodeReportMs: 5_000,
  outageMs: 1_000,
  /** When nothing keeps it silent any more, it calls within this. */
  deadMansSwitchMs: 5_000,
};
