// Random bytes that look enough like leads to get far into the program: valid ones that were changed, and nonsense.
import fc from "fast-check";

/** What parsers stumble over. */
const tokens = [
  ...[
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    "\0",
    " ",
    "\t",
    ":",
    ";",
    ",",
    "=",
    "&",
    "%",
    "%00",
    "%ff",
    "+",
    "\\",
    "\\u0000",
  ],
  ...[
    '"',
    "'",
    "{",
    "}",
    "[",
    "]",
    "[[[[[[[[",
    '{"a":',
    "1e999",
    "-",
    "0",
    "00",
    "9".repeat(500),
    "null",
    "NaN",
  ],
  ...[
    "--",
    "--b",
    "--b--",
    "\r\n--b\r\n",
    "\r\n--b--\r\n",
    "__proto__",
    "constructor",
    '{"__proto__":{"x":1}}',
  ],
  ...["\ufeff", "\ufffd", "ü", "\u{1f468}\u200d\u{1f469}", "\ud83d", "\\ud800", "\u202e"],
  ...["Content-Length: 5\r\n", "Content-Length: -1\r\n", "Transfer-Encoding: chunked\r\n", "Host: h\r\n"],
  ...[
    "Connection: close\r\n",
    "Expect: 100-continue\r\n",
    "Content-Encoding: gzip\r\n",
    "Upgrade: websocket\r\n",
  ],
  ...[
    "Idempotency-Key: k\r\n",
    'Idempotency-Key: "k',
    "X-Source: website\r\n",
    "0\r\n\r\n",
    "ffffffffffffffff\r\n",
  ],
  ...[
    "HTTP/1.1",
    "HTTP/1.0",
    "POST ",
    "GET ",
    "POST /webhook/lead HTTP/1.1\r\nHost: h\r\n\r\n",
    "/../",
    "//",
    "*",
    "?",
  ],
  ...[
    "Content-Disposition: form-data; name=",
    "filename*=utf-8''%ff",
    "boundary=",
    "charset=utf-16le",
    "x".repeat(20_000),
  ],
];

const token = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...tokens).map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)) },
);

interface Change {
  readonly kind: "insert" | "remove" | "repeat" | "overwrite" | "flip";
  /** Of the length, from 0 to 1. */
  readonly at: number;
  readonly length: number;
  readonly bytes: Buffer;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("insert", "remove", "repeat", "overwrite", "flip"),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 40 }),
  bytes: token,
});

function changed(bytes: Buffer, { kind, at, length, bytes: other }: Change): Buffer {
  const start = Math.floor(at * bytes.length);
  const [before, after] = [bytes.subarray(0, start), bytes.subarray(start)];
  switch (kind) {
    case "insert":
      return Buffer.concat([before, other, after]);
    case "remove":
      return Buffer.concat([before, after.subarray(length)]);
    case "repeat":
      return Buffer.concat([before, after.subarray(0, length), after]);
    case "overwrite":
      return Buffer.concat([before, other, after.subarray(other.length)]);
    case "flip":
      return Buffer.from(bytes.map((byte, index) => (index === start ? byte ^ (1 << (length % 8)) : byte)));
  }
}

/** One of these with a few changes, and now and then none. */
export function mutated(originals: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return fc
    .tuple(originals, fc.array(change, { maxLength: 3 }))
    .map(([bytes, changes]) => changes.reduce(changed, bytes));
}

export interface BodyOfType {
  readonly type: string;
  readonly body: Buffer;
}

const jsonBody = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc
    .dictionary(fc.string({ unit: "grapheme", maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }))
    .map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '{"name":"Erika","email":"erika@example.com","phone":"+49 30 1234567"}',
    '{"id":12345678901234567890}',
  ),
);
const fieldName = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom("name", "email", "__proto__", "a[]", ""),
);
const fields = fc.array(fc.tuple(fieldName, fc.string({ unit: "grapheme", maxLength: 12 })), {
  maxLength: 6,
});
const part = fc.tuple(
  fieldName,
  fc.option(fc.string({ maxLength: 8 })),
  fc.string({ unit: "binary", maxLength: 30 }),
);

function multipart(
  parts: readonly (readonly [name: string, filename: string | null, value: string])[],
): string {
  const written = parts.map(([name, filename, value]) => {
    const file = filename === null ? "" : `; filename="${filename}"\r\nContent-Type: image/png`;
    return `--b\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`;
  });
  return `${written.join("")}--b--\r\n`;
}

/** Bodies that are mostly valid, with the media type that goes with them. */
export const validBody: fc.Arbitrary<BodyOfType> = fc
  .oneof(
    jsonBody.map((body) => ({ type: "application/json", body })),
    fields.map((pairs) => {
      const body = new URLSearchParams(
        pairs.map(([name, value]): [string, string] => [name, value]),
      ).toString();
      return { type: "application/x-www-form-urlencoded", body };
    }),
    fc
      .array(part, { maxLength: 5 })
      .map((parts) => ({ type: "multipart/form-data; boundary=b", body: multipart(parts) })),
  )
  .map(({ type, body }) => ({ type, body: Buffer.from(body) }));

const noiseType = fc.oneof(
  fc.constantFrom(
    ...[
      "application/json",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=b",
      "application/a+json",
    ],
    ...[
      'multipart/form-data; boundary="b b"',
      "multipart/form-data",
      "multipart/form-data; boundary=",
      "text/plain",
    ],
    ...["application/json; charset=utf-16", `multipart/form-data; boundary=${"b".repeat(71)}`, ""],
  ),
  fc.string({ maxLength: 60 }),
);

/** Bodies of every sort for the parsers. */
export const anyBody: fc.Arbitrary<BodyOfType> = fc.oneof(
  {
    weight: 6,
    arbitrary: validBody.chain(({ type, body }) =>
      mutated(fc.constant(body)).map((bytes) => ({ type, body: bytes })),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: noiseType,
      body: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: noiseType, body: mutated(validBody.map(({ body }) => body)) }) },
);

const target = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "/webhook/lead/website",
      "/webhook/lead",
      "//webhook/lead/website/",
      "/health",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "/livez",
      "/readyz",
      "/metrics",
      "/",
      "*",
      "http://h/health",
      "/health?x",
      "/webhook/lead/:(",
    ),
  },
  { weight: 1, arbitrary: fc.webPath().map((path) => path || "/") },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: "binary", maxLength: 40 })
      .map((text) => `/webhook/lead/${encodeURIComponent(Buffer.from(text).toString())}`),
  },
);

/** No HEAD: whether an answer has a body would be a question of which request it belongs to. */
const framedRequest = (bodies: fc.Arbitrary<BodyOfType>): fc.Arbitrary<Buffer> =>
  fc
    .record({
      target,
      method: fc.oneof(
        { weight: 5, arbitrary: fc.constant("POST") },
        fc.constantFrom("GET", "PUT", "OPTIONS", "DELETE"),
      ),
      body: bodies,
      key: fc.oneof(fc.uuid(), fc.string({ maxLength: 20 })),
      isChunked: fc.boolean(),
      version: fc.constantFrom("1.1", "1.1", "1.1", "1.0"),
    })
    .map(({ target: path, method, body: { type, body }, key, isChunked, version }) => {
      const head = `${method} ${path} HTTP/${version}\r\nHost: h\r\nIdempotency-Key: ${key}\r\nContent-Type: ${type}\r\n`;
      if (!isChunked)
        return Buffer.concat([Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`), body]);
      const size = body.length.toString(16);
      const chunks = body.length === 0 ? [] : [Buffer.from(`${size}\r\n`), body, Buffer.from("\r\n")];
      return Buffer.concat([
        Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`),
        ...chunks,
        Buffer.from("0\r\n\r\n"),
      ]);
    });

const validRequest = framedRequest(validBody);
/** HTTP that is well said, about bodies of every sort. */
const requestOfAnyBody = framedRequest(
  anyBody.map(({ type, body }) => ({ type: type.replaceAll(/[^ -~]/g, "?"), body })),
);

export interface RawCase {
  /** Sent one after the other. */
  readonly pieces: readonly Buffer[];
  /** `half` waits for an answer first, if one comes soon; `half_at_once` does not; neither sends more. */
  readonly ending: "half" | "half_at_once" | "reset";
}

/** What a connection sends from its beginning to its end. */
export const rawCase: fc.Arbitrary<RawCase> = fc
  .record({
    bytes: fc.oneof(
      { weight: 6, arbitrary: requestOfAnyBody },
      { weight: 5, arbitrary: mutated(validRequest) },
      {
        weight: 2,
        arbitrary: fc
          .array(mutated(validRequest), { minLength: 2, maxLength: 5 })
          .map((all) => Buffer.concat(all)),
      },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
      { weight: 1, arbitrary: fc.array(token, { maxLength: 12 }).map((all) => Buffer.concat(all)) },
    ),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
    ending: fc.oneof(
      { weight: 6, arbitrary: fc.constant("half" as const) },
      fc.constantFrom("half_at_once" as const, "reset" as const),
    ),
  })
  .map(({ bytes, cuts, ending }) => {
    const at = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b), bytes.length];
    return { ending, pieces: at.slice(1).map((end, index) => bytes.subarray(at[index], end)) };
  });
