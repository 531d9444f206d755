// What a browser sent of a form, read once for all that ask: reading, the look for spam, and the answer.
import { bodyMediaType } from "../../../bodies/content-type.ts";
import { readBody } from "../../../bodies/read-body.ts";
import type { ReadBody } from "../../../bodies/read-body.ts";
import type { LeadFields } from "../../../domain/leads/lead-body.ts";
import { singleHeader } from "../../../domain/sources/request-headers.ts";
import type { LeadsRead, SourceRequest } from "../source-kind.ts";
import { withFiles } from "./form-files.ts";
import type { FileRules } from "./form-files.ts";
import { urlencodedOf } from "./plain-text-form.ts";

const reading = new WeakMap<SourceRequest, Promise<ReadBody>>();
const fields = new WeakMap<SourceRequest, LeadFields>();

/** Never throws. */
export async function readSubmission(rules: FileRules, request: SourceRequest): Promise<LeadsRead> {
  const body = await bodyOf(rules, request);
  if (body.kind !== "lead") return body;
  return { kind: "leads", leads: [{ body, bytes: request.rawBody, key: null }] };
}

/** null: nothing of it can be read. */
export async function readFields(rules: FileRules, request: SourceRequest): Promise<LeadFields | null> {
  const body = await bodyOf(rules, request);
  return body.kind === "lead" ? body.value : null;
}

/** What a field held; undefined: it was not there, or the request was turned away unread. */
export function fieldOf(request: SourceRequest, name: string): unknown {
  const read = fields.get(request);
  return read !== undefined && Object.hasOwn(read, name) ? read[name] : undefined;
}

function bodyOf(rules: FileRules, request: SourceRequest): Promise<ReadBody> {
  const known = reading.get(request);
  if (known !== undefined) return known;
  const fresh = Promise.resolve(readForm(request)).then((read) => {
    const body = read.kind === "lead" ? withFiles(read, rules) : read;
    if (body.kind === "lead") fields.set(request, body.value);
    return body;
  });
  reading.set(request, fresh);
  return fresh;
}

function readForm({ headers, rawBody }: SourceRequest): ReadBody | Promise<ReadBody> {
  const contentType = singleHeader(headers["content-type"]);
  const isPlain = contentType === undefined || /^\s*text\/plain\s*(?:;|$)/i.test(contentType);
  if (!isPlain || bodyMediaType(contentType) !== "unsupported") return readBody(rawBody, contentType);
  const urlencoded = urlencodedOf(rawBody);
  if (urlencoded === null) return readBody(rawBody, contentType);
  const charset = /;\s*charset\s*=[^;]*/i.exec(contentType ?? "")?.[0] ?? "";
  return readBody(urlencoded, `application/x-www-form-urlencoded${charset}`);
}
