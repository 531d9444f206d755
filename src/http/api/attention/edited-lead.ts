// A body that a person has written for a lead: read with exact numbers, and judged by the rules of its source.
import { parse, stringify } from "lossless-json";
import type { DeclaredKinds } from "../../../config/declared-kind.ts";
import { fromStored } from "../../../config/stored-configuration.ts";
import type { Language } from "../../../domain/errors/error-catalogue.ts";
import { openSource } from "../../../domain/sources/source.ts";
import type { LeadBody } from "../../../domain/leads/lead-body.ts";
import { listSchemaViolations } from "../../../intake/body-schema.ts";
import { readJsonBody } from "../../../bodies/json-body.ts";
import { plainReading } from "../../../domain/leads/lead-reading.ts";
import type { PersonHashes, PersonIndex } from "../../../intake/person-index.ts";
import { createSourceDirectory } from "../../../intake/source-directory.ts";
import { isRemovedSource, readConfiguration } from "../../../ledger/configuration/configuration.ts";
import type { Queryable } from "../../../ledger/connection/database.ts";
import type { SecretBox } from "../../../config/stored-configuration.ts";
import type { ProblemExtras } from "../../problem.ts";
import type { Routing } from "../../../domain/leads/distribution.ts";
import type { Refused } from "../frame/route.ts";
import { refuse } from "../frame/route.ts";

/** Its routing: where leads of its source go. */
export interface EditedLead extends PersonHashes, Routing {
  /** JSON text, exact. */
  readonly bodyJson: string;
}

export interface EditedLeadDeps {
  readonly database: Queryable;
  readonly secretBox: SecretBox;
  readonly kinds: DeclaredKinds;
  readonly persons: PersonIndex;
}

export type ReadLead =
  { readonly ok: true; readonly lead: EditedLead } | { readonly ok: false; readonly refused: Refused };

/** `rawRequest`: the bytes of `{"body":…}`; `language`: of whoever has written it. */
export async function readEditedLead(
  { database, secretBox, kinds, persons }: EditedLeadDeps,
  sourceName: string,
  rawRequest: Buffer,
  language: Language,
): Promise<ReadLead> {
  const body = editedBody(rawRequest);
  if (body.kind !== "lead") return invalid(body.message);
  const sources = createSourceDirectory(false, []);
  const parts = fromStored(await readConfiguration(database), secretBox, kinds);
  sources.replace(parts.sources, parts.destinations);
  const known = sources.find(sourceName);
  if (known === null && (await isRemovedSource(database, sourceName))) {
    return { ok: false, refused: refuse("source_removed") };
  }
  // Under open intake anyone may be a source, with the defaults and all destinations.
  const source = known?.source ?? openSource(sourceName);
  const destinations = known?.destinations ?? parts.destinations.map(({ name }) => name);
  const groups = known?.groups ?? [];
  if (Buffer.byteLength(body.json) > source.bodyLimitBytes)
    return invalid(`the body is larger than ${source.bodyLimitBytes} bytes`);
  const violation = known?.validate?.(body.value) ?? null;
  if (violation !== null) {
    const violations = listSchemaViolations(source.schema ?? {}, body.value, language);
    const problems = violations.map(({ code, pointer, message }) => ({
      code,
      place: pointer,
      message,
    }));
    return invalid(violation.message, { problems });
  }
  const hashes = persons.hashesOf(body.value, known?.reading ?? plainReading);
  return { ok: true, lead: { bodyJson: body.json, destinations, groups, ...hashes } };
}

function editedBody(rawRequest: Buffer): LeadBody | { readonly kind: "refused"; readonly message: string } {
  // Judged as a whole first: what is parsed below is neither too deep nor ambiguous then.
  const request = readJsonBody(rawRequest);
  if (request.kind !== "lead") return { kind: "refused", message: request.message };
  const { body } = parse(request.json) as { body: unknown };
  const read = readJsonBody(Buffer.from(stringify(body) ?? "", "utf8"));
  return read.kind === "lead" ? read : { kind: "refused", message: read.message };
}

function invalid(reason: string, extras: ProblemExtras = {}): ReadLead {
  return { ok: false, refused: refuse("edit_invalid", { reason, ...extras }) };
}
