// POST /imports: rows of a file as leads of a source, as many at a time as one transaction takes.
import { isLosslessNumber, parse as parseLossless, stringify as stringifyLossless } from "lossless-json";
import { Type } from "typebox";
import { importRowResults } from "../../../intake/import-rows.ts";
import type { ImportRow, ImportRows } from "../../../intake/import-rows.ts";
import type { KnownSource } from "../../../intake/source-directory.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { closed, dlqId, nullable, oneOf, partName, runId } from "../frame/schemas.ts";

export interface ImportsDeps {
  /** As the configuration is now; null: there is no such source. */
  readonly findSource: (name: string) => Promise<KnownSource | null>;
  readonly importRows: ImportRows;
}

export const importRowsMax = 500;

const row = Type.Object(
  {
    row: Type.Integer({ minimum: 1, description: "Its place in the file." }),
    key: Type.Optional(
      nullable(
        Type.String({
          description:
            "The idempotency key, 1 to 255 bytes. Absent: the source's own place in the body, or else the body itself.",
        }),
      ),
    ),
    body: Type.Union([
      Type.Object({}, { additionalProperties: true }),
      Type.String({ description: "The lead as JSON text, taken as it is." }),
    ]),
  },
  closed,
);

const result = Type.Object({
  row: Type.Integer(),
  result: oneOf(
    importRowResults,
    "refused and key_reused: kept as an entry; invalid: nothing of it was recorded. In a dry run: what would happen.",
  ),
  source: nullable(
    Type.String({
      description:
        "Whose lead it is: where sources share an address, the one that its ids name. null: nothing of it was recorded.",
    }),
  ),
  key: nullable(Type.String({ description: "The idempotency key that the row has; null: none." })),
  run_id: nullable(runId),
  dlq_id: nullable(dlqId),
  code: nullable(Type.String({ description: "Why it was not taken; null: it was." })),
  reason: nullable(Type.String({ description: "The same in words." })),
});

export function importsRoutes({ findSource, importRows }: ImportsDeps) {
  return [
    route(
      {
        method: "POST",
        path: "/imports",
        summary: "Take rows of a file as leads",
        description: `Up to ${importRowsMax} rows. They go the way of a webhook's leads: schema, key, delivery; for a source whose address is shared, to the one that their ids name. A batch may be sent again: every row has a key, so it only makes duplicates.`,
        tag: "imports",
        access: "imports.write",
        body: Type.Object(
          {
            source: partName,
            file: Type.Optional(
              Type.String({ minLength: 1, maxLength: 255, description: "Its name, for the audit log." }),
            ),
            rows: Type.Array(row, { minItems: 1, maxItems: importRowsMax }),
            dry_run: Type.Optional(Type.Boolean({ description: "Write nothing, say what would happen." })),
          },
          closed,
        ),
        answers: { 200: Type.Object({ rows: Type.Array(result) }) },
        problems: ["source_not_found", "source_paused"],
      },
      async ({ body, rawBody, principal, language }) => {
        const source = await findSource(body.source);
        if (source === null) return refuse("source_not_found");
        if (source.source.paused === "refuse")
          return { ...refuse("source_paused"), headers: { "Retry-After": "60" } };
        const texts = bodyTexts(body.rows, rawBody);
        if (texts === null)
          return refuse("request_invalid", {
            reason: "body/rows: a body names a field twice, or is nested too deeply",
          });
        const { via } = source.source.auth;
        const address = typeof via === "string" ? await findSource(via) : null;
        const rows = body.rows.map(({ row: place, key = null }, index): ImportRow => ({
          row: place,
          key,
          body: texts[index] ?? "",
        }));
        const file = body.file ?? null;
        const dryRun = body.dry_run === true;
        return ok({
          rows: await importRows({ source, address, file, rows, actor: principal.actor, dryRun, language }),
        });
      },
    ),
  ];
}

/** The bodies' JSON with every number as it was sent; null: that cannot be told. */
function bodyTexts(rows: readonly { readonly body: unknown }[], rawBody: Buffer): string[] | null {
  if (rows.every(({ body }) => typeof body === "string")) return rows.map(({ body }) => String(body));
  try {
    const exact = parseLossless(rawBody.toString("utf8")) as { rows: { body: unknown }[] };
    return exact.rows.map(({ body }) =>
      typeof body === "string" && !isLosslessNumber(body) ? body : (stringifyLossless(body) ?? ""),
    );
  } catch {
    return null;
  }
}
