// A request, or a part of one, as the quarantine keeps it: without the secrets that stand in bodies of some kinds, packed or
// not, because whoever may look at what is kept need not be able to send.
import { unpackBody } from "../bodies/unpack-body.ts";
import type { Unpacked } from "../bodies/unpack-body.ts";
import { headerValue } from "../domain/sources/request-headers.ts";
import type { Source } from "../domain/sources/source.ts";
import type { SetAside, SourceRequest } from "../kinds/sources/source-kind.ts";
import type { Quarantine, TurnedAway } from "./quarantine.ts";
import type { KnownSource } from "./source-directory.ts";

/** What is known of it when it is turned away. */
type Why = Pick<TurnedAway, "receivedAtMs" | "errorCode" | "authenticated">;

/** All of the request; where a secret stood in a packed body, that is kept unpacked. */
export function turnedAway(known: KnownSource, request: SourceRequest, why: Why): TurnedAway {
  const { headers, body } = contentToKeep(known, request);
  return { source: known.source.name, ...why, headers, body, isWhole: true, sizeBytes: body.length };
}

function contentToKeep(
  { source, kind }: KnownSource,
  request: SourceRequest,
): Pick<TurnedAway, "headers" | "body"> {
  const { headers, rawBody } = request;
  if (kind?.withoutSecrets === undefined) return { headers, body: rawBody };
  const unpacked = unpackedOf(request, source);
  const readable = unpacked?.kind === "unpacked" ? unpacked.body : rawBody;
  const body = kind.withoutSecrets(source.auth, { ...request, rawBody: readable });
  if (body === readable) return { headers, body: rawBody };
  return { headers: readable === rawBody ? headers : { ...headers, "content-encoding": undefined }, body };
}

/** Of a request that brought leads besides; without secrets already. false: some of it is not written. */
export async function keepParts(
  {
    quarantine,
    onDenied,
  }: {
    readonly quarantine?: Pick<Quarantine, "keepNow">;
    readonly onDenied: (sourceName: string, code: SetAside["code"]) => void;
  },
  { name }: Source,
  { headers }: SourceRequest,
  receivedAtMs: number,
  parts: readonly SetAside[],
): Promise<boolean> {
  if (quarantine === undefined) return false;
  for (const { code, bytes } of parts) {
    const { kind } = await quarantine.keepNow({
      source: name,
      receivedAtMs,
      errorCode: code,
      authenticated: true,
      headers,
      body: bytes,
      isWhole: true,
      sizeBytes: bytes.length,
    });
    if (kind !== "kept") return false;
    onDenied(name, code);
  }
  return true;
}

/** null: it was sent as it is. What comes out may be as large as what may come in. */
export function unpackedOf({ headers, rawBody }: SourceRequest, { bodyLimitBytes }: Source): Unpacked | null {
  return headers["content-encoding"] === undefined
    ? null
    : unpackBody(rawBody, headerValue(headers, "content-encoding"), bodyLimitBytes);
}
