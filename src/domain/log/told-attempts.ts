// Attempts at deliveries as the log tells of them. Whoever may write SQL may have written an event, so nothing is taken
// for granted about a payload.

interface ToldEvent {
  readonly event_type: string;
  /** ISO 8601. */
  readonly event_time: string;
  readonly payload: unknown;
}

/** Members are null where nothing is known. */
export interface ToldAttempt {
  readonly destination: string;
  /** When it had ended; ISO 8601. */
  readonly at: string;
  readonly delivered: boolean;
  /** As its lane counts: from 1 again with every entry and every further delivery. */
  readonly attempt: number | null;
  /** Of one that failed. */
  readonly error_code: string | null;
  /** Of one that failed, a sentence in English. */
  readonly message: string | null;
  readonly http_status: number | null;
  readonly duration_ms: number | null;
  readonly answer: ToldAnswer | null;
}

export interface ToldAnswer {
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body_excerpt: string;
}

/** In the order of the events. */
export function toldAttempts(events: readonly ToldEvent[]): ToldAttempt[] {
  return events.flatMap((event) => toldAttempt(event) ?? []);
}

/** The last one at each destination, in the order of their names. */
export function lastAttempts(events: readonly ToldEvent[]): ToldAttempt[] {
  const last = new Map(toldAttempts(events).map((attempt) => [attempt.destination, attempt]));
  return [...last.values()].toSorted((one, other) => (one.destination < other.destination ? -1 : 1));
}

function toldAttempt({ event_type: type, event_time: at, payload }: ToldEvent): ToldAttempt | null {
  if (type !== "lead_delivered" && type !== "delivery_failed") return null;
  const told = membersOf(payload);
  const destination = textOf(told["destination"]);
  if (destination === null) return null;
  const delivered = type === "lead_delivered";
  return {
    destination,
    at,
    delivered,
    attempt: wholeOf(told["attempt"]),
    error_code: delivered ? null : textOf(told["outcome"]),
    message: delivered ? null : textOf(told["message"]),
    http_status: wholeOf(told["http_status"]),
    duration_ms: wholeOf(told["duration_ms"]),
    answer: answerOf(told["response"]),
  };
}

function answerOf(response: unknown): ToldAnswer | null {
  if (typeof response !== "object" || response === null) return null;
  const told = membersOf(response);
  const headers = Object.entries(membersOf(told["headers"])).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === null ? [] : [[name, text] as const];
  });
  return {
    status: wholeOf(told["status"]),
    headers: Object.fromEntries(headers),
    body_excerpt: textOf(told["body_excerpt"]) ?? "",
  };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function wholeOf(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}
