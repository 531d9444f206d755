// Completing a lead that came as ids: how an attempt to fetch what it says can end, and when it is tried again.

/**
 * `retry`: it may mend itself, soon; `wait`: its sender's system has asked for time; `stuck`: a person has to do something,
 * so it is tried again rarely, and at once when the configuration changes.
 */
export type CompletionClass = "retry" | "wait" | "stuck";

interface Failure {
  readonly class: CompletionClass;
  /** It is the same for all leads of the source. */
  readonly isOfSource: boolean;
}

/** Stable names: stored, and shown to people. A code is never renamed. */
const failures = {
  /** No connection, no answer in time, 5xx. */
  completion_unreachable: { class: "retry", isOfSource: false },
  /** The vendor calls its error temporary. */
  completion_failed_for_now: { class: "retry", isOfSource: false },
  /** Not what its documentation says, or larger than is read. */
  completion_answer_unusable: { class: "retry", isOfSource: false },
  completion_throttled: { class: "wait", isOfSource: true },
  completion_not_permitted: { class: "stuck", isOfSource: true },
  /** Deleted, of a page that is not ours, or access was revoked: some vendors do not say which. */
  completion_lead_unavailable: { class: "stuck", isOfSource: false },
  completion_token_invalid: { class: "stuck", isOfSource: true },
  /** We asked in a way that the vendor does not understand. */
  completion_request_wrong: { class: "stuck", isOfSource: false },
  /** A private address without `allow_private`. */
  completion_address_forbidden: { class: "stuck", isOfSource: true },
  /** The source has no token any more. */
  completion_without_token: { class: "stuck", isOfSource: true },
  completion_source_removed: { class: "stuck", isOfSource: true },
} as const satisfies Record<string, Failure>;

export type CompletionFailureCode = keyof typeof failures;

export const completionFailureCodes = Object.keys(failures) as readonly CompletionFailureCode[];

export interface CompletionFailure {
  readonly kind: "failed";
  readonly code: CompletionFailureCode;
  /** What the vendor said, for a person: without secrets, and nothing of the lead. */
  readonly message: string;
  /** What the vendor asked for; null: it asked for nothing. */
  readonly retryAfterMs: number | null;
}

export function completionFailure(
  code: CompletionFailureCode,
  message: string,
  retryAfterMs: number | null = null,
): CompletionFailure {
  return { kind: "failed", code, message: message.slice(0, messageCharactersMax), retryAfterMs };
}

export function isStuck(code: CompletionFailureCode): boolean {
  return failures[code].class === "stuck";
}

/** Whether it would be the same with any other lead of the source. */
export function concernsSource(code: CompletionFailureCode): boolean {
  return failures[code].isOfSource;
}

/** After how long it is tried again. `attempts`: begun, this one included. */
export function completionDelayMs({ code, retryAfterMs }: CompletionFailure, attempts: number): number {
  switch (failures[code].class) {
    case "retry":
      return Math.max(
        Math.min(retryFirstMs * 2 ** Math.min(attempts - 1, 20), retryMaxMs),
        retryAfterMs ?? 0,
      );
    case "wait":
      return Math.min(Math.max(retryAfterMs ?? throttledMs, throttledMinMs), throttledMaxMs);
    case "stuck":
      return stuckMs;
  }
}

const messageCharactersMax = 500;
const retryFirstMs = 5_000;
const retryMaxMs = 3_600_000;
const throttledMs = 300_000;
const throttledMinMs = 5_000;
const throttledMaxMs = 86_400_000;
/** What a person mends at the vendor, nobody tells us of. */
const stuckMs = 6 * 3_600_000;
