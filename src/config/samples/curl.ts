// curl in a POSIX shell that sends a lead to a source: as one line, or in lines to read.
import { exampleKey, leadUrl, leadWithKey, isKeyInHeader } from "./sample-target.ts";
import type { SampleTarget } from "./sample-target.ts";

export interface CurlTarget extends Pick<SampleTarget, "proof" | "secret"> {
  /** `http://127.0.0.1:8080` */
  readonly address: string;
  readonly source: string;
  /** JSON pointer of the field that holds the key; null: the key is not in the body. */
  readonly keyPointer: string | null;
}

/** The first run is answered 202 `accepted`, every further one 200 `duplicate`. */
export function curlLineOf({ address, source, keyPointer, ...target }: CurlTarget): string {
  const key = keyPointer === null ? "header" : "pointer";
  const { before, call } = partsOf({
    ...target,
    key,
    url: leadUrl(address, source),
    lead: leadWithKey(keyPointer),
  });
  return [...before.map((line) => `${line};`), ...call].join(" ");
}

export function curlSample(target: SampleTarget): string {
  const { before, call } = partsOf(target);
  return `${[...before, call.join(" \\\n  ")].join("\n")}\n`;
}

function partsOf(target: SampleTarget): { readonly before: string[]; readonly call: string[] } {
  const body = quoted(JSON.stringify(target.lead));
  const headers = [
    ...(isKeyInHeader(target.key) ? [`-H 'Idempotency-Key: ${exampleKey}'`] : []),
    `-H 'Content-Type: application/json'`,
  ];
  const start = `curl -i ${target.url}`;
  switch (target.proof) {
    case "nothing":
      return { before: [], call: [start, ...headers, `-d ${body}`] };
    case "bearer":
      return { before: [], call: [start, `-H ${bearer(target)}`, ...headers, `-d ${body}`] };
    case "signature":
      return {
        before: [
          `body=${body}`,
          "timestamp=$(date +%s)",
          `signature=$(printf '%s.%s' "$timestamp" "$body" | openssl dgst -sha256 -hmac ${secretWord(target)} | sed 's/^.* //')`,
        ],
        call: [
          start,
          `-H "X-Timestamp: $timestamp" -H "X-Signature: sha256=$signature"`,
          ...headers,
          `--data-binary "$body"`,
        ],
      };
  }
}

function bearer({ secret }: SampleTarget): string {
  return "value" in secret
    ? quoted(`Authorization: Bearer ${secret.value}`)
    : `"Authorization: Bearer $${secret.variable}"`;
}

function secretWord({ secret }: SampleTarget): string {
  return "value" in secret ? quoted(secret.value) : `"$${secret.variable}"`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
