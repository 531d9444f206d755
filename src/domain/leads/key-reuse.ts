// What it means that a key comes again with another body: the one decision, for the ledger as for the spool.

/**
 * `reject`: 422, and a person looks. `keep_first`: 200, and what came is kept beside the lead. `revision`: what came is
 * the lead's newest state.
 */
export const keyReuseRules = ["reject", "keep_first", "revision"] as const;
export type KeyReuseRule = (typeof keyReuseRules)[number];

/** The code of what is kept beside a lead because its key was reused. */
export const keyReusedCode = "idempotency_key_reused";

/** What is known under the key of something that arrives. */
export interface KnownUnderKey {
  /** Nothing but refused payloads came under it. */
  readonly isRefused: boolean;
  /** The body is one that the lead stands for: as received, corrected, edited or revised. */
  readonly isSameBody: boolean;
  /** The code under which this very body is kept already; null: it is not. */
  readonly keptAs: string | null;
}

export type ReuseDecision =
  /** A repeat of the lead, or of one of its revisions. */
  | "duplicate"
  /** A repeat of what was kept: the same answer again. */
  | "known_refusal"
  /** The first good body of what had been refused. */
  | "correction"
  /** One more payload that is refused, under a key that has nothing better. */
  | "refused"
  /** Kept for a person; the sender is told. */
  | "conflict"
  /** Kept and settled at once; the sender is told that the lead is there. */
  | "kept"
  /** A repeat of something kept, answered in the same way. */
  | "kept_before"
  /** The lead's newest state. */
  | "revision";

/** `isLead`: it could be read; what could not is never a revision. */
export function decideReuse(
  { isLead, rule }: { readonly isLead: boolean; readonly rule: KeyReuseRule },
  { isRefused, isSameBody, keptAs }: KnownUnderKey,
): ReuseDecision {
  if (!isRefused && isSameBody) return "duplicate";
  if (isLead && isRefused) return "correction";
  if (isLead && rule === "revision") return "revision";
  const isKeptFirst = rule === "keep_first" && !isRefused;
  if (keptAs !== null)
    return isKeptFirst && (isLead || keptAs === keyReusedCode) ? "kept_before" : "known_refusal";
  if (isRefused) return "refused";
  return isKeptFirst ? "kept" : "conflict";
}
