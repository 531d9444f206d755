// What a buyer's answer means: `{outcome, reason, price, lead: {id}}` as LeadConduit gives it, under any 2xx status. The words
// are settings of the destination.
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";
import { webPage } from "../web-page.ts";
import type { LeadBuyerDestination } from "./fields.ts";

type Terms = Pick<LeadBuyerDestination, "outcome" | "accepted" | "reason" | "duplicateTerm" | "leadId">;

export function buyerAnswers(terms: Terms): readonly AnswerRule[] {
  const { outcome, accepted, reason, duplicateTerm, leadId: id } = terms;
  const known = { pointer: reason, matches: anyCase(duplicateTerm) };
  return [
    webPage,
    { status: "2xx", body: { pointer: outcome, in: accepted }, outcome: "delivered", id },
    { status: ["2xx", "4xx"], body: [{ pointer: outcome, exists: true }, known], outcome: "duplicate", id },
    { status: "2xx", body: { pointer: outcome, equals: "error" }, outcome: "transient", reason },
    { status: "2xx", body: { pointer: outcome, exists: true }, outcome: "rejected", reason },
    { status: [401, 403], outcome: "credentials", reason },
    { status: 404, outcome: "configuration", reason },
    { status: 429, outcome: "throttled", reason },
    { status: "4xx", outcome: "rejected", reason },
    { status: "5xx", outcome: "transient", reason },
  ];
}

/** A term is no pattern. */
function anyCase(term: string): string {
  return Array.from(term).map(eitherCase).join("");
}

function eitherCase(character: string): string {
  const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
  if (lower !== upper && lower.length === 1 && upper.length === 1) return `[${lower}${upper}]`;
  return /[\w\s]/.test(character) ? character : `\\${character}`;
}
