// An expert's expression (JSONata) that says what a destination gets: what evaluating it for one lead can come to, and what
// that means for the lead and for the destination. It is evaluated elsewhere (src/expressions).
import { failure } from "./outcome.ts";
import type { Failed } from "./outcome.ts";

/** In code units; what is longer is a program. */
export const expressionLengthMax = 32_768;
/** Of the delivery that goes in, and of what comes out. */
export const expressionBytesMax = 256_000;
/** For one lead; then the process is killed. */
export const expressionLimitMs = 500;

/** One lead and an expression. `document`: the delivery as JSON, its numbers exact. */
export interface Asked {
  /** Whose it is: of one destination, one is evaluated at a time. */
  readonly destination: string;
  readonly expression: string;
  readonly document: unknown;
}

export type Evaluated =
  /** JSON with exact numbers. */
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "nothing" }
  /** `detail` repeats nothing of the lead. */
  | { readonly kind: "thrown"; readonly code: string; readonly detail: string }
  /** The expression cannot be read. */
  | { readonly kind: "unreadable"; readonly code: string; readonly detail: string }
  /** It says that it does not want this lead: `$error`, `$assert`. `words` are its own. */
  | { readonly kind: "refused"; readonly words: string }
  /** The lead has more than `expressionBytesMax`. */
  | { readonly kind: "too_large" }
  | { readonly kind: "stopped"; readonly why: "deadline" | "memory" | "output" | "crash" }
  /** No process could be started. */
  | { readonly kind: "unavailable"; readonly why: string }
  /** Whoever evaluates is stopping. */
  | { readonly kind: "closed" };

/** Never rejects. */
export type Evaluate = (asked: Asked) => Promise<Evaluated>;

/** Why an expression cannot be read, in JSONata's words; null: it can be, or nobody can tell. Never rejects. */
export type RejectExpression = (expression: string) => Promise<string | null>;

export interface ExpressionFailure {
  readonly outcome: Failed;
  /** It may be what is in this lead; a second lead in a row says that it is not. */
  readonly isPerhapsAlone: boolean;
}

/**
 * What stops an expression would stop it with other leads, so the destination is at fault, as it is for an expression that
 * cannot be read. What an expression throws for a lead may be that lead's own (a text where it adds numbers).
 */
export function expressionFailure(
  destination: string,
  evaluated: Exclude<Evaluated, { readonly kind: "value" }>,
): ExpressionFailure {
  const fault = (why: string, isPerhapsAlone = false): ExpressionFailure => ({
    outcome: failure("destination_expression", `the expression of ${destination} ${why}`),
    isPerhapsAlone,
  });
  const refusal = (why: string): ExpressionFailure => ({
    outcome: failure("expression_refuses_lead", why),
    isPerhapsAlone: false,
  });
  switch (evaluated.kind) {
    case "nothing":
      return fault("gives no JSON object and no list for this lead", true);
    case "thrown":
      return fault(`fails for this lead: ${evaluated.detail} (${evaluated.code})`, true);
    case "unreadable":
      return fault(`cannot be read: ${evaluated.detail} (${evaluated.code})`);
    case "refused":
      return refusal(`the expression of ${destination} refuses this lead: ${evaluated.words}`);
    case "too_large":
      return refusal(
        `this lead has more than the ${expressionBytesMax / 1_000} kB that the expression of ${destination} may get`,
      );
    case "stopped":
      return fault(stopReasons[evaluated.why]);
    case "unavailable":
      return fault(`cannot be evaluated, because no process could be started for it: ${evaluated.why}`);
    case "closed":
      return {
        outcome: failure(
          "delivery_interrupted",
          `the delivery to ${destination} was interrupted because LeadLedger is stopping`,
        ),
        isPerhapsAlone: false,
      };
  }
}

const stopReasons = {
  deadline: `was stopped: it took longer than ${expressionLimitMs} ms`,
  memory: "was stopped: it took too much memory",
  output: `was stopped: it gives more than ${expressionBytesMax / 1_000} kB`,
  crash: "was stopped: the process that evaluates it ended without an answer",
} as const;
