// GET /exports/…: leads, entries, events and figures by the file, streamed in one consistent view.
import { Readable } from "node:stream";
import { Type } from "typebox";
import type { TObject } from "typebox";
import { parsePointer, formatPointer } from "../../../domain/values/json-pointer.ts";
import type { Permission } from "../../../domain/accounts/roles.ts";
import { exportFormats, exportMediaTypes } from "../../../exchange/exports.ts";
import type { ExportFormat, ExportRequest, Exports } from "../../../exchange/exports.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import {
  selectAuditEvents,
  selectDlqEntries,
  selectKpiDays,
  selectKpiHours,
  selectRuns,
  selectSlaDays,
} from "../../../ledger/import-export/export-rows.ts";
import type { ExportField, ExportSelection, ExportTimes } from "../../../ledger/import-export/export-rows.ts";
import { readTimezone } from "../../../ledger/settings/settings.ts";
import type { PersonIndex } from "../../../intake/person-index.ts";
import {
  auditConditions,
  kpiConditions,
  kpiHourConditions,
  slaConditions,
} from "../../../ledger/import-export/export-conditions.ts";
import type { KpiFilter, SlaFilter } from "../../../ledger/import-export/export-conditions.ts";
import { dlqConditions } from "../../../ledger/attention/dlq-filter.ts";
import { runConditions } from "../../../ledger/leads/run-filter.ts";
import { auditFilterMembers } from "../log/audit-filter.ts";
import type { AuditFilterRequest } from "../log/audit-filter.ts";
import { kpiFilterMembers } from "../figures/kpi-filter.ts";
import { slaFilterMembers } from "../sla/sla-filter.ts";
import { dlqFilterMembers, ledgerDlqFilter } from "../attention/dlq-filter.ts";
import type { DlqFilterRequest } from "../attention/dlq-filter.ts";
import type { Principal } from "../frame/principal.ts";
import type { ApiAnswer, ApiRequest, Answers, Refused } from "../frame/route.ts";
import { ledgerRunFilter, runFilterMembers } from "../leads/run-filter.ts";
import type { RunFilterRequest } from "../leads/run-filter.ts";
import { refuse, route } from "../frame/route.ts";
import { closed, oneOf } from "../frame/schemas.ts";

export interface ExportsDeps {
  readonly database: Database;
  readonly exports: Exports;
  readonly persons: PersonIndex;
}

const fieldsMax = 50;

const common = {
  format: Type.Optional(oneOf(exportFormats, "Default: csv.")),
  excel: Type.Optional(
    oneOf(
      ["de"],
      "For CSV that a German Excel opens: semicolons, byte order mark, decimal commas, local times; phone numbers and postcodes stay texts.",
    ),
  ),
};

const fieldsQuery = {
  fields: Type.Optional(
    Type.String({
      maxLength: 2_000,
      description:
        "Places in the lead that become columns of their own, with commas between: `email,phone,/address/zip`.",
    }),
  ),
};

interface CommonQuery {
  readonly format?: ExportFormat;
  readonly excel?: "de";
}

interface Selected {
  readonly selection: ExportSelection;
  /** As the audit log keeps it: without anybody's address. */
  readonly filter: Readonly<Record<string, unknown>>;
}

type Select = (
  query: never,
  times: ExportTimes,
  principal: Principal,
) => Selected | Refused | Promise<Selected | Refused>;

export function exportsRoutes({ database, exports, persons }: ExportsDeps) {
  const describe = <What extends ExportRequest["what"], Query extends TObject>(
    what: What,
    access: Permission,
    summary: string,
    query: Query,
    select: Select,
  ) =>
    route(
      {
        method: "GET",
        path: `/exports/${what}`,
        isByClient: true,
        summary,
        tag: "exports",
        access,
        query,
        answers: {},
        description:
          "One consistent view of the moment it begins, oldest first, streamed. Leaves `export_started` and `exported` in the audit log. Texts that a spreadsheet would take for a formula get an apostrophe before them in CSV.",
        streams: Object.values(exportMediaTypes),
        problems: ["exports_busy"],
      },
      (request) => answer(what, request as unknown as ApiRequest<unknown, CommonQuery, unknown>, select),
    );

  async function answer(
    what: ExportRequest["what"],
    { query, principal, raw }: ApiRequest<unknown, CommonQuery, unknown>,
    select: Select,
  ): Promise<ApiAnswer<Answers>> {
    const { format = "csv", excel, ...asked } = query;
    const excelDe = excel === "de";
    if (excelDe && format !== "csv")
      return refuse("request_invalid", { reason: "excel=de goes with format=csv" });
    const isLocal = excelDe || format === "xlsx";
    const times = isLocal ? { timezone: await readTimezone(database) } : "utc";
    const selected = await select(asked as never, times, principal);
    if ("problem" in selected) return selected;
    const contentType = exportMediaTypes[format];
    const fileName = `leadledger-${what}.${format}`;
    if (raw.method === "HEAD") return { stream: Readable.from([]), contentType, fileName };
    const stream = await exports.open(database, {
      what,
      ...selected,
      format,
      excelDe,
      actor: principal.actor,
    });
    if (stream === null) return { ...refuse("exports_busy"), headers: { "Retry-After": "60" } };
    return { stream, contentType, fileName };
  }

  return [
    describe(
      "runs",
      "exports.read",
      "Leads as they stand now, with their data",
      Type.Object({ ...common, ...fieldsQuery, ...runFilterMembers }, closed),
      async ({ fields = "", ...asked }: RunFilterRequest & { fields?: string }, times, principal) => {
        const read = readFields(fields);
        if (typeof read === "string") return refuse("request_invalid", { reason: read });
        const known = await ledgerRunFilter(asked, principal, { persons, database });
        if (!known.ok) return known.refused;
        return {
          selection: selectRuns(runConditions(known.filter, 1), read, times),
          filter: { ...known.filter },
        };
      },
    ),
    describe(
      "dlq",
      "exports.read",
      "DLQ entries with their payloads",
      Type.Object({ ...common, ...dlqFilterMembers }, closed),
      async (asked: DlqFilterRequest, times, principal) => {
        const known = await ledgerDlqFilter(asked, principal, { persons, database });
        if (!known.ok) return known.refused;
        return {
          selection: selectDlqEntries(dlqConditions(known.filter, 1), times),
          filter: { ...known.filter },
        };
      },
    ),
    describe(
      "audit-events",
      "audit.read",
      "The audit log with its digests",
      Type.Object({ ...common, ...auditFilterMembers }, closed),
      ({ health_checks: asked, ...filter }: AuditFilterRequest, times) => {
        const withChecks = asked === true || filter.event_type?.includes("health_check") === true;
        const known = { ...filter, health_checks: withChecks };
        return { selection: selectAuditEvents(auditConditions(known), times), filter: known };
      },
    ),
    describe(
      "kpi",
      "leads.read",
      "Daily figures",
      Type.Object({ ...common, ...kpiFilterMembers }, closed),
      (filter: KpiFilter, times) => {
        return { selection: selectKpiDays(kpiConditions(filter), times), filter: { ...filter } };
      },
    ),
    describe(
      "kpi-hourly",
      "leads.read",
      "Hourly figures by source",
      Type.Object({ ...common, ...kpiFilterMembers }, closed),
      (filter: KpiFilter, times) => {
        return { selection: selectKpiHours(kpiHourConditions(filter), times), filter: { ...filter } };
      },
    ),
    describe(
      "sla",
      "leads.read",
      "Days of service levels",
      Type.Object({ ...common, ...slaFilterMembers }, closed),
      (filter: SlaFilter, times) => {
        return { selection: selectSlaDays(slaConditions(filter), times), filter: { ...filter } };
      },
    ),
  ];
}

const everything = { sql: "true", values: [] };

/** A field bears the name that it was asked for by, unless a column of the table has it. */
function readFields(list: string): readonly ExportField[] | string {
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length > fieldsMax) return `fields: at most ${fieldsMax}`;
  const taken = new Set(selectRuns(everything, [], "utc").columns.map(({ name }) => name));
  const fields: ExportField[] = [];
  for (const asked of names) {
    const tokens = asked.startsWith("/") ? parsePointer(asked) : [asked];
    if (tokens === null) return "fields: a place inside the lead is a JSON pointer such as /address/zip";
    const name = taken.has(asked) ? formatPointer(tokens) : asked;
    if (taken.has(name)) continue;
    taken.add(name);
    fields.push({ name, tokens });
  }
  return fields;
}
