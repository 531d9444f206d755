// Whether a contestant has stored exactly what it said it had accepted.
import type { Running } from "../contestants/contestant.ts";
import type { LoadReport } from "../load/order.ts";

/** Problems in words; none: every 202 is there exactly once, under the id that was answered, and nothing else. */
export async function proveStored(
  name: string,
  report: LoadReport,
  running: Running,
  keyPrefix: string,
): Promise<string[]> {
  const stored = await running.stored(`${keyPrefix}-`);
  const problems = [
    ...proveAnswers(name, report),
    ...stored.problems.map((problem) => `${name}: ${problem}`),
  ];
  if (stored.rows !== report.accepted || stored.distinct !== report.accepted) {
    problems.push(`${name}: ${report.accepted} accepted, ${stored.rows} stored, ${stored.distinct} distinct`);
  }
  if (stored.keysAndIds !== report.keysAndIds) problems.push(`${name}: other leads stored than accepted`);
  return problems;
}

/** Every request was answered, and with what a lead (or a health check) deserves. */
export function proveAnswers(name: string, report: LoadReport): string[] {
  const problems = Object.entries(report.failures).map(([what, times]) => `${name}: ${times} × ${what}`);
  if (report.accepted === 0) problems.push(`${name}: nothing was accepted`);
  if (report.accepted !== report.sent)
    problems.push(`${name}: ${report.sent} sent, ${report.accepted} accepted`);
  return problems;
}
