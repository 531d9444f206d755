// Sends the reports that are due: noted by whichever node leads, each mail claimed under a lease and sent once.
import { readSection } from "../config/sections/managed-section.ts";
import { readReportOrders, reportsSection } from "../config/sections/reports-section.ts";
import { scheduledReports } from "../domain/figures/report-order.ts";
import { errorText } from "../domain/node/log.ts";
import { reportMessage } from "../mail/report-letter.ts";
import { readMailAccount, sendMail } from "../mail/send-mail.ts";
import type { MailDeps } from "../mail/send-mail.ts";
import { limitedDatabase } from "../ledger/connection/database.ts";
import type { LeaderGuard } from "../ledger/connection/leader.ts";
import { rollUpWaitingKpis } from "../ledger/figures/kpi-daily.ts";
import { readReport } from "../ledger/figures/report-figures.ts";
import {
  claimReportMail,
  endReportMail,
  planReportMails,
  readReportingDay,
} from "../ledger/reports/report-mails.ts";
import type { ReportMail, ReportMailEnd } from "../ledger/reports/report-mails.ts";
import type { NodeBase } from "./node-base.ts";

const minuteMs = 60_000;
/** The last one again and again, until the report is too old. */
const retryAfterMs = [minuteMs, 5 * minuteMs, 15 * minuteMs, 60 * minuteMs] as const;

/** Then it is looked anew who is to get one: a mail server may take its time to refuse each. */
const mailsPerTurnMax = 20;

export interface ReportingDeps extends Omit<MailDeps, "database" | "secretBox" | "nowMs"> {
  /** After the mail that is under way, the next start goes on. */
  readonly stopping: AbortSignal;
}

export interface Reporting {
  run(guard: LeaderGuard): Promise<void>;
}

export function createReporting(
  { installation: { secretBox }, database, clock }: NodeBase,
  { stopping, ...deps }: ReportingDeps,
): Reporting {
  const mailDeps: MailDeps = { ...deps, database, secretBox, nowMs: () => clock.nowMs() };

  async function run(guard: LeaderGuard): Promise<void> {
    const section = await readSection(database, secretBox, reportsSection);
    if (section === null) return;
    const account = await readMailAccount(mailDeps);
    const today = await readReportingDay(database);
    await planReportMails(database, guard, scheduledReports(readReportOrders(section.entry), today), {
      orderedAt: section.updatedAt,
      language: account?.language === "de" ? "de" : "en",
    });
    for (let tried = 0; tried < mailsPerTurnMax && !stopping.aborted; tried += 1) {
      const mail = await claimReportMail(database);
      if (mail === null) return;
      // After an outage the days may not have been counted yet.
      if (tried === 0) await rollUpWaitingKpis(database, guard);
      await endReportMail(database, mail, await attempt(mail));
    }
  }

  async function attempt(mail: ReportMail): Promise<ReportMailEnd> {
    const retry = retryAfterMs[Math.min(mail.attempts, retryAfterMs.length) - 1] ?? minuteMs;
    try {
      const seen = mail.client === "" ? database : limitedDatabase(database, [mail.client]);
      const report = await readReport(seen, mail.report, mail.day);
      const place = { language: mail.language, publicUrl: deps.publicUrl, client: mail.client };
      const message = reportMessage(report, place, mail.recipient, new Date(clock.nowMs()));
      const outcome = await sendMail(message, mailDeps);
      switch (outcome.kind) {
        case "sent":
          return { kind: "sent" };
        case "no_account":
          return {
            kind: "failed",
            code: "mail_missing",
            message: "there is no mail account",
            retryAfterMs: retry,
          };
        case "failed":
          return { kind: "failed", code: outcome.code, message: outcome.message, retryAfterMs: retry };
      }
    } catch (error) {
      return { kind: "failed", code: "internal_error", message: errorText(error), retryAfterMs: retry };
    }
  }

  return { run };
}
