// Exports under way: how many at once, what the audit log says about each, and how they end.
import { Readable } from "node:stream";
import type { EventPayload } from "../domain/log/event-types.ts";
import { appendAuditEvents } from "../ledger/log/audit-events.ts";
import type { Actor, Database } from "../ledger/connection/database.ts";
import { exportPages } from "../ledger/import-export/export-rows.ts";
import type { ExportRow, ExportSelection } from "../ledger/import-export/export-rows.ts";
import { csvFile, excelDeCsv, plainCsv } from "./export-csv.ts";
import { ndjsonFile } from "./export-ndjson.ts";
import { xlsxFile } from "./export-xlsx.ts";

export const exportFormats = ["csv", "ndjson", "xlsx"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportMediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

export interface ExportRequest {
  readonly what: "runs" | "dlq" | "audit-events" | "kpi" | "kpi-hourly" | "sla";
  readonly selection: ExportSelection;
  readonly format: ExportFormat;
  /** For a German Excel; of CSV only. */
  readonly excelDe: boolean;
  readonly actor: Actor;
  /** For the audit log: which rows were asked for, without anybody's e-mail or phone. */
  readonly filter: Readonly<Record<string, unknown>>;
}

export interface Exports {
  /** null: too many are under way. The stream fails when the database does; destroyed, it ends its transaction. */
  open(database: Database, request: ExportRequest): Promise<Readable | null>;
}

/** Each holds a connection, and a snapshot that keeps the database from tidying up, for as long as somebody reads. */
export const exportsAtOnceMax = 3;

export interface ExportsDeps {
  /** Ends what is under way, and takes nothing more. */
  readonly stopping: AbortSignal;
}

export function createExports({ stopping }: ExportsDeps): Exports {
  let underWay = 0;
  return {
    async open(database, request) {
      if (underWay >= exportsAtOnceMax || stopping.aborted) return null;
      underWay += 1;
      try {
        // Before the first byte: nobody gets data without a trace.
        const payload = orderOf(request);
        await appendAuditEvents(database, request.actor, [{ type: "export_started", payload }]);
      } catch (error) {
        underWay -= 1;
        throw error;
      }
      const stream = Readable.from(recorded(database, request), { objectMode: false });
      const stop = (): void => void stream.destroy(new Error("LeadLedger stops"));
      stopping.addEventListener("abort", stop, { once: true });
      stream.once("close", () => {
        underWay -= 1;
        stopping.removeEventListener("abort", stop);
      });
      return stream;
    },
  };
}

async function* recorded(database: Database, request: ExportRequest): AsyncGenerator<string | Buffer, void> {
  const counted = { rows: 0 };
  let complete = false;
  try {
    yield* fileOf(request, counting(exportPages(database, request.selection), counted));
    complete = true;
  } finally {
    const payload = { ...orderOf(request), count: counted.rows, complete };
    await appendAuditEvents(database, request.actor, [{ type: "exported", payload }]).catch(() => undefined);
  }
}

function fileOf(
  { what, format, excelDe, selection: { columns } }: ExportRequest,
  pages: AsyncIterable<readonly ExportRow[]>,
): AsyncGenerator<string | Buffer, void> {
  switch (format) {
    case "csv":
      return csvFile(columns, pages, excelDe ? excelDeCsv : plainCsv);
    case "ndjson":
      return ndjsonFile(columns, pages);
    case "xlsx":
      return xlsxFile(columns, pages, what);
  }
}

async function* counting(
  pages: AsyncIterable<readonly ExportRow[]>,
  counted: { rows: number },
): AsyncGenerator<readonly ExportRow[], void> {
  for await (const rows of pages) {
    counted.rows += rows.length;
    yield rows;
  }
}

function orderOf({
  what,
  format,
  excelDe,
  filter,
  selection: { columns },
}: ExportRequest): EventPayload<"export_started"> {
  const names = columns.map(({ name }) => name);
  return { what, format, filter, columns: names, ...(excelDe ? { excel: "de" } : {}) };
}
