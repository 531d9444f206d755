// /reports: the report of a day or of a week as figures, as a page and by mail; and who gets it.
import { Readable } from "node:stream";
import { Type } from "typebox";
import { changeSection, readSection } from "../../../config/sections/managed-section.ts";
import type { SectionDeps } from "../../../config/sections/managed-section.ts";
import { readReportOrders, reportsSection } from "../../../config/sections/reports-section.ts";
import type { Entry } from "../../../config/fields/field.ts";
import { weekdays } from "../../../domain/figures/report-order.ts";
import { addDays, reportNames } from "../../../domain/figures/report.ts";
import type { Report, ReportName } from "../../../domain/figures/report.ts";
import { parseMailbox } from "../../../domain/values/mailbox.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { rollUpWaitingKpis } from "../../../ledger/figures/kpi-daily.ts";
import { readReport } from "../../../ledger/figures/report-figures.ts";
import { listReportMails, readReportingDay } from "../../../ledger/reports/report-mails.ts";
import { reportMessage, reportPage } from "../../../mail/report-letter.ts";
import type { ReportPlace } from "../../../mail/report-letter.ts";
import type { OwnMessage } from "../../../mail/own-message.ts";
import type { MailOutcome } from "../../../mail/send-mail.ts";
import { clientFilterMembers } from "../frame/client-filter.ts";
import { fitsIfMatch } from "../frame/if-match.ts";
import type { Principal } from "../frame/principal.ts";
import { checkedByConfiguration } from "../frame/request-shape.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { closed, nullable, oneOf, timestamp } from "../frame/schemas.ts";
import { placed } from "../sources-and-destinations/part-answers.ts";
import { entryOf } from "../sources-and-destinations/part-requests.ts";
import { day } from "./kpi-filter.ts";
import { alarm } from "./overview-schemas.ts";

export interface ReportRoutesDeps extends SectionDeps {
  /** `public_url`; null: it is not set. */
  readonly publicUrl: string | null;
  readonly hasMailAccount: () => Promise<boolean>;
  readonly send: (message: OwnMessage) => Promise<MailOutcome>;
  readonly now: () => Date;
}

const tag = "kpi";
const shownMailsMax = 50;
const params = Type.Object({ report: oneOf(reportNames) });
const language = Type.Optional(oneOf(["de", "en"], "Absent: that of Accept-Language."));
const dayQuery = {
  day: Type.Optional(day),
  ...clientFilterMembers,
};

const count = Type.Integer();
const leadCounts = Type.Object({
  received: count,
  delivered: count,
  failed: count,
  under_way: count,
  no_destination: count,
  resolved_by_hand: count,
  withdrawn: count,
});
const destinationCounts = Type.Object({ delivered: count, failed_attempts: count, entries: count });
const durations = Type.Object({ p50_ms: nullable(count), p95_ms: nullable(count) });
const range = Type.Object({ from: day, to: day });
const reportShape = Type.Unsafe<Report>(
  Type.Object({
    report: oneOf(reportNames),
    timezone: Type.String(),
    range,
    compared_with: range,
    total: Type.Object({ now: leadCounts, before: leadCounts }),
    days: Type.Array(Type.Object({ day, received: count, delivered: count })),
    sources: Type.Array(
      Type.Object({
        source: Type.String(),
        label: nullable(Type.String()),
        now: leadCounts,
        before: leadCounts,
      }),
    ),
    destinations: Type.Array(
      Type.Object({ destination: Type.String(), now: destinationCounts, before: destinationCounts }),
    ),
    durations: Type.Object(
      { now: durations, before: durations },
      { description: "Until a lead arrived somewhere for the first time; upper bounds." },
    ),
    alarms: Type.Array(alarm, { description: "As GET /overview has them, at this moment." }),
  }),
);

const orderMembers = {
  to: Type.Unsafe<readonly string[]>({ type: "array", items: { type: "string" } }),
  at: Type.String({ description: "07:30, in the reporting time zone." }),
  language: nullable(oneOf(["de", "en"], "null: that of the mail account.")),
  client: nullable(Type.String({ description: "null: everything." })),
};
const ordersShape = Type.Object({
  daily: nullable(Type.Object(orderMembers)),
  weekly: nullable(Type.Object({ ...orderMembers, on: oneOf(weekdays) })),
  managed_by: oneOf(["file", "api"], "file: leadledger.yaml says it; read-only here."),
  has_mail_account: Type.Boolean({ description: "false: nothing can be sent." }),
  mails: Type.Array(
    Type.Object({
      report: oneOf(reportNames),
      day,
      client: Type.String(),
      recipient: Type.String(),
      language: oneOf(["de", "en"]),
      state: oneOf(["waiting", "sent", "given_up"]),
      attempts: count,
      due_at: timestamp("When it was to be sent."),
      next_attempt_at: timestamp("Of one that waits."),
      ended_at: nullable(timestamp("When it was sent or given up.")),
      error_code: nullable(Type.String()),
      error_message: nullable(Type.String()),
    }),
    { description: "The newest first." },
  ),
});

const ordersBody = Type.Unsafe<Entry | undefined>({
  ...checkedByConfiguration,
  ...(reportsSection.schema as object),
  description: "As `reports` in leadledger.yaml; what is left out is not sent any more.",
});

export function reportRoutes(deps: ReportRoutesDeps) {
  const { database, secretBox, publicUrl } = deps;

  async function orders() {
    const section = await readSection(database, secretBox, reportsSection);
    const answer = {
      ...readReportOrders(section?.entry ?? null),
      managed_by: section?.managedBy ?? ("api" as const),
      has_mail_account: await deps.hasMailAccount(),
      mails: await listReportMails(database, shownMailsMax),
    };
    return { answer, etag: section === null ? "none" : section.updatedAt.getTime().toString(36) };
  }

  async function made(report: ReportName, wanted: string | undefined, principal: Principal): Promise<Report> {
    // A node does it all the time; a command may work where none runs.
    if (principal.by === "local") await rollUpWaitingKpis(database);
    return readReport(database, report, wanted ?? (await yesterday(database)));
  }
  const placeOf = (lang: "de" | "en", client: string | undefined): ReportPlace => ({
    language: lang,
    publicUrl,
    client: client ?? "",
  });

  return [
    route(
      {
        method: "GET",
        path: "/reports",
        isOfWhole: true,
        tag,
        access: "settings.write",
        summary: "Who gets which report by mail, and what became of the last ones",
        answers: { 200: ordersShape },
      },
      async () => {
        const { answer, etag } = await orders();
        return ok(answer, { etag });
      },
    ),
    route(
      {
        method: "PUT",
        path: "/reports",
        isOfWhole: true,
        tag,
        access: "settings.write",
        summary: "Say who gets which report by mail",
        body: ordersBody,
        answers: { 200: ordersShape },
        problems: ["configuration_invalid", "managed_by_file", "changed_meanwhile"],
      },
      async ({ body, principal, ifMatch, language: speaks }) => {
        const refusal = await changeSection(
          deps,
          {
            section: reportsSection,
            actor: principal.actor,
            isSeen: (there) =>
              fitsIfMatch(ifMatch, there === null ? "none" : there.updatedAt.getTime().toString(36)),
          },
          () => entryOf(body),
        );
        if (refusal?.kind === "invalid")
          return refuse("configuration_invalid", { problems: placed(refusal.problems, speaks) });
        if (refusal !== null) return refuse(refusal.kind);
        const { answer, etag } = await orders();
        return ok(answer, { etag });
      },
    ),
    route(
      {
        method: "GET",
        path: "/reports/:report",
        isByClient: true,
        tag,
        access: "leads.read",
        summary: "The figures of a report beside those of the week before",
        description:
          "`day`: the last day that it speaks of, of the reporting time zone; absent: yesterday. The figures are those of /kpi/daily and /kpi/sources. No person's data are in it.",
        params,
        query: Type.Object(dayQuery, closed),
        answers: { 200: reportShape },
      },
      async ({ params: { report }, query, principal }) => ok(await made(report, query.day, principal)),
    ),
    route(
      {
        method: "GET",
        path: "/reports/:report/page",
        isByClient: true,
        tag,
        access: "leads.read",
        summary: "The same as a page to read or print",
        description: "Complete in itself: its chart is in it, and nothing is loaded.",
        params,
        query: Type.Object({ ...dayQuery, language }, closed),
        streams: ["text/html"],
        answers: {},
      },
      async ({ params: { report }, query, principal, language: speaks }) => {
        const page = reportPage(
          await made(report, query.day, principal),
          placeOf(query.language ?? speaks, query.client),
        );
        return {
          stream: Readable.from([Buffer.from(page, "utf8")]),
          contentType: "text/html; charset=utf-8",
          headers: { "Content-Security-Policy": pagePolicy },
        };
      },
    ),
    route(
      {
        method: "POST",
        path: "/reports/:report/send",
        isOfWhole: true,
        tag,
        access: "settings.write",
        summary: "Send one by mail now, and say what became of it",
        params,
        body: Type.Object(
          {
            to: Type.String({ maxLength: 400, description: "One e-mail address." }),
            day: Type.Optional(day),
            language,
          },
          closed,
        ),
        answers: {
          200: Type.Object({
            sent: Type.Boolean({ description: "The mail server took it." }),
            code: nullable(Type.String({ description: "The stable code of what went wrong." })),
            message: nullable(Type.String({ description: "The same as a sentence." })),
          }),
        },
        problems: ["mail_missing", "recipient_invalid"],
      },
      async ({ params: { report }, body, principal, language: speaks }) => {
        if (parseMailbox(body.to) === null) return refuse("recipient_invalid");
        const figures = await made(report, body.day, principal);
        const place = placeOf(body.language ?? speaks, undefined);
        const message = reportMessage(figures, place, body.to, deps.now());
        // Somebody who looks at one wants to see it each time.
        const outcome = await deps.send({ ...message, id: `${message.id}.${deps.now().getTime()}` });
        switch (outcome.kind) {
          case "no_account":
            return refuse("mail_missing");
          case "sent":
            return ok({ sent: true, code: null, message: null });
          case "failed":
            return ok({ sent: false, code: outcome.code, message: outcome.message });
        }
      },
    ),
  ];
}

const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

async function yesterday(database: Database): Promise<string> {
  return addDays(await readReportingDay(database), -1);
}
