// An answer that says no (RFC 9457), or no answer at all.
export interface PlacedProblem {
  readonly code: string;
  readonly place: string;
  readonly message: string;
}

interface ProblemBody {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly reason?: string;
  readonly problems?: readonly PlacedProblem[];
}

/** Of an answer: its stable code and what it says, in the language that was asked for. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly reason: string | null;
  readonly problems: readonly PlacedProblem[];

  constructor(status: number, body: ProblemBody) {
    super(body.title);
    this.status = status;
    this.code = body.code;
    this.title = body.title;
    this.detail = body.detail;
    this.reason = body.reason ?? null;
    this.problems = body.problems ?? [];
  }
}

/** The server could not be reached: nothing was said, and nothing is known of what was asked for. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401 && error.code === "unauthenticated";
}

export function problemOf(status: number, body: unknown): ApiProblem {
  return new ApiProblem(
    status,
    isProblem(body) ? body : { code: "internal_error", title: `HTTP ${status}`, detail: "" },
  );
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === "object" && body !== null && "code" in body && "title" in body && "detail" in body;
}
