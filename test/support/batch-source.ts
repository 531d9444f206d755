// A kind of source for tests whose requests bring several leads: {"leads":[{"id":…, …}, …]}, with a token.
import { parse } from "lossless-json";
import type { RequestHeaders } from "../../src/domain/sources/request-headers.ts";
import { headerValue } from "../../src/domain/sources/request-headers.ts";
import { validSecrets } from "../../src/domain/sources/source.ts";
import { credentials } from "../../src/config/fields/credentials.ts";
import { readJsonBody } from "../../src/bodies/json-body.ts";
import { readJsonList } from "../../src/bodies/json-list.ts";
import { sameText } from "../../src/kinds/sources/same-text.ts";
import { authenticated, notAuthenticated } from "../../src/kinds/sources/source-kind.ts";
import type { LeadsRead, SourceKind, SourceLead } from "../../src/kinds/sources/source-kind.ts";

export const batchToken = "batch-token-0123456789";

export const batchKind: SourceKind = {
  kind: "batch",
  setUp: [],
  label: { en: "Batch", de: "Stapel" },
  help: { en: "For tests.", de: "Für Tests." },
  place: "auth",
  fields: {
    secrets: credentials({
      format: "token",
      one: { label: { en: "Token", de: "Token" }, help: { en: "It.", de: "Es." } },
      several: { label: { en: "Tokens", de: "Tokens" }, help: { en: "They.", de: "Sie." } },
    }),
  },
  example: "auth: { kind: batch }",
  proof: "own",
  signsBody: false,
  authenticate({ secrets }, { headers, target }, nowMs) {
    const token = tokenIn(headers, target);
    const isKnown = validSecrets(secrets, nowMs).some(({ value }) => sameText(token, value));
    return isKnown ? authenticated : notAuthenticated("credentials_wrong", { en: "token", de: "Token" });
  },
  read: (_auth, { rawBody }) => readBatch(rawBody),
  answer: (_auth, { outcome, status }, { target }) =>
    target.endsWith("?own") ? { status: 200, headers: { "X-Was": outcome }, body: String(status) } : null,
  handshake: (_auth, { target }) => {
    const challenge = new URL(target, "http://any").searchParams.get("challenge");
    return challenge === null
      ? null
      : { status: 200, headers: { "Content-Type": "text/plain" }, body: challenge };
  },
};

function tokenIn(headers: RequestHeaders, target: string): Buffer {
  const inPath = new URL(target, "http://any").pathname.split("/")[4];
  return Buffer.from(headerValue(headers, "x-batch-token") ?? inPath ?? "");
}

function readBatch(rawBody: Buffer): LeadsRead {
  const items = readJsonList(rawBody, "leads");
  return "code" in items ? items : { kind: "leads", leads: items.map(leadOf) };
}

function leadOf(bytes: Buffer): SourceLead {
  const body = readJsonBody(bytes);
  const { id } = parse(bytes.toString()) as { readonly id?: string | { toString(): string } };
  return { body, bytes, key: id?.toString() ?? null };
}
