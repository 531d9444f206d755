// The one line for a POSIX shell that sends a first lead to a source.

import { withValueAtPointer } from "../domain/json-pointer.ts";

export interface CurlTarget {
  /** `http://127.0.0.1:8080` */
  readonly address: string;
  readonly source: string;
  readonly auth: "hmac" | "token" | "none";
  /** The secret itself, or the name of the environment variable that holds it. */
  readonly secret: { readonly value: string } | { readonly variable: string };
  /** JSON pointer of the field that holds the key; null: the key is not in the body. */
  readonly keyPointer: string | null;
}

const idempotencyKey = "first-lead";

/** The first run is answered 202 `accepted`, every further one 200 `duplicate`. */
export function curlLineOf(target: CurlTarget): string {
  const { address, source, auth } = target;
  const body = JSON.stringify(leadWithKey(target.keyPointer));
  const url = `${withoutSlashes(address)}/webhook/lead/${source}`;
  const headers = [`-H 'Content-Type: application/json'`, `-H 'Idempotency-Key: ${idempotencyKey}'`];
  switch (auth) {
    case "none":
      return ["curl -i", url, ...headers, `-d ${quoted(body)}`].join(" ");
    case "token":
      return ["curl -i", url, `-H ${bearer(target)}`, ...headers, `-d ${quoted(body)}`].join(" ");
    case "hmac":
      return [
        `body=${quoted(body)}; timestamp=$(date +%s);`,
        `signature=$(printf '%s.%s' "$timestamp" "$body" | openssl dgst -sha256 -hmac ${secretWord(target)} | sed 's/^.* //');`,
        `curl -i ${url} -H "X-Timestamp: $timestamp" -H "X-Signature: sha256=$signature"`,
        ...headers,
        `--data-binary "$body"`,
      ].join(" ");
  }
}

function bearer({ secret }: CurlTarget): string {
  return "value" in secret
    ? quoted(`Authorization: Bearer ${secret.value}`)
    : `"Authorization: Bearer $${secret.variable}"`;
}

function secretWord({ secret }: CurlTarget): string {
  return "value" in secret ? quoted(secret.value) : `"$${secret.variable}"`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

const lead = { name: "Erika Mustermann", email: "erika@example.com", phone: "+49 30 1234567" };

function leadWithKey(pointer: string | null): Readonly<Record<string, unknown>> {
  return pointer === null ? lead : withValueAtPointer(lead, pointer, idempotencyKey);
}

function withoutSlashes(address: string): string {
  let end = address.length;
  while (address[end - 1] === "/") end -= 1;
  return address.slice(0, end);
}
