// What changes of sources and destinations are answered with.
import type { PartProblem } from "../../../config/check-part.ts";
import { mayDo } from "../../../domain/accounts/roles.ts";
import type { Author, Managed, PartRefusal, Rotation } from "../../../config/managed-part.ts";
import { say } from "../../../config/problem-texts.ts";
import { valueRules } from "../../../config/value-rules.ts";
import { parseDuration } from "../../../domain/values/duration.ts";
import type { ErrorCode, Language } from "../../../domain/errors/error-catalogue.ts";
import type { SentTestLead } from "../../../intake/test-lead.ts";
import type { ManagedPart } from "../../../ledger/configuration/managed-parts.ts";
import type { PlacedProblem } from "../../problem.ts";
import { fitsIfMatch } from "../frame/if-match.ts";
import type { Principal } from "../frame/principal.ts";
import type { Refused } from "../frame/route.ts";
import { accepted, refuse } from "../frame/route.ts";
import type { ChangeMembers } from "./part-schemas.ts";

/** What can go wrong with every change. */
export const changeProblems = [
  "managed_by_file",
  "part_removed",
  "changed_meanwhile",
  "clients_exceed_own",
  "expression_needs_admin",
] as const satisfies readonly ErrorCode[];

export function changeOf(
  name: string,
  { principal, ifMatch }: { readonly principal: Principal; readonly ifMatch: string | null },
) {
  return { name, ...authorOf(principal), isSeen: (etag: string) => fitsIfMatch(ifMatch, etag) };
}

export function authorOf({ actor, role }: Principal): Author {
  return { actor, mayWriteExpressions: mayDo(role, "expressions.write") };
}

/** The members that all parts have. */
export function managedMembers({ stored, managedBy, enabled, updatedAt }: ManagedPart) {
  return { name: stored.name, managed_by: managedBy, enabled, updated_at: updatedAt };
}

/** What goes beside the item. */
export function changeMembers(
  { secret, warnings, movedToDlq }: Extract<Managed, { kind: "done" }>,
  language: Language,
): ChangeMembers {
  return {
    warnings: placed(warnings, language),
    ...(secret === null ? {} : { secret }),
    ...(movedToDlq === null ? {} : { moved_to_dlq: movedToDlq }),
  };
}

export function refusalOf(refusal: PartRefusal, unknown: ErrorCode, language: Language): Refused {
  switch (refusal.kind) {
    case "not_found":
      return refuse(unknown);
    case "removed":
      return refuse("part_removed");
    case "in_use":
      return refuse("destination_in_use", { reason: refusal.by.join(", ") });
    case "address_shared":
      return refuse("source_in_use", { reason: refusal.by.join(", ") });
    case "invalid":
      return refuse("configuration_invalid", { problems: placed(refusal.problems, language) });
    case "changed_meanwhile":
    case "clients_exceed_own":
    case "expression_needs_admin":
    case "managed_by_file":
    case "name_taken":
    case "without_secret":
      return refuse(refusal.kind);
  }
}

/** A rotation, or why its overlap is none. */
export function rotationOf(
  { overlap = "7d", secret }: { readonly overlap?: string; readonly secret?: string },
  language: Language,
): Rotation | Refused {
  const said = valueRules["duration-overlap"](overlap, overlap);
  if (said !== null)
    return refusalOf({ kind: "invalid", problems: [{ place: "overlap", said }] }, "not_found", language);
  return { secret: secret ?? null, overlapMs: parseDuration(overlap) ?? 0 };
}

export const testProblems = [
  "part_removed",
  "test_lead_refused",
  "body_too_large",
  "intake_overloaded",
  "ledger_unavailable",
] as const satisfies readonly ErrorCode[];

export function testAnswerOf({ answer, destinations }: SentTestLead) {
  switch (answer.kind) {
    case "recorded":
      return accepted({ run_id: answer.runId, destinations });
    case "refused":
      return refuse("test_lead_refused", { reason: answer.message });
    case "too_large":
      return refuse("body_too_large", { reason: `at most ${answer.limitBytes} bytes` });
    case "overloaded":
      return refuse("intake_overloaded");
    case "unavailable":
      return refuse("ledger_unavailable");
  }
}

/** In the reader's language. */
export function placed(problems: readonly PartProblem[], language: Language): readonly PlacedProblem[] {
  return problems.map(({ place, said }) => ({ code: said.code, place, message: say(said, language) }));
}
