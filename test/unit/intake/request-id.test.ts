// Under which key a lead of a signed request is kept whose sender has an id of its own outside the body.
import { expect, it } from "vitest";
import { openSource } from "../../../src/domain/sources/source.ts";
import type { KeyRule, SourceAuth } from "../../../src/domain/sources/source.ts";
import { plainReading } from "../../../src/domain/leads/lead-reading.ts";
import { createPersonIndex } from "../../../src/intake/person-index.ts";
import { readRequest } from "../../../src/intake/read-request.ts";
import { hmac } from "../../../src/kinds/sources/hmac/hmac.ts";

const framer = { kind: "hmac", signed: "{body}{id}", idHeader: "Framer-Webhook-Submission-Id" };
const header: KeyRule = { kind: "header" };
const preferred: KeyRule = { kind: "header_preferred", windowMs: 600_000 };
const own = { "framer-webhook-submission-id": "sub-1" };

async function keyOf(auth: SourceAuth, key: KeyRule, headers: Readonly<Record<string, string>>) {
  const source = { ...openSource("landing"), auth, key };
  const known = {
    source,
    kind: hmac,
    groups: [],
    destinations: [],
    validate: null,
    reading: plainReading,
    sharing: null,
  };
  const rawBody = Buffer.from('{"id":"in-body","email":"anna@example.com"}');
  const request = { headers: { "content-type": "application/json", ...headers }, rawBody, target: "" };
  const read = await readRequest(known, request, 0, {
    persons: createPersonIndex(Buffer.alloc(32)),
    contentHash: () => null,
  });
  const [only] = read.kind === "arrivals" ? read.arrivals : [];
  return only === undefined ? read.kind : only.arrival.recognisedBy;
}

it.each([
  ["the id that is signed", framer, header, own, { kind: "key", key: "sub-1" }],
  ["also where the header is preferred", framer, preferred, own, { kind: "key", key: "sub-1" }],
  ["but a key that it sends comes first", framer, header, { ...own, "idempotency-key": "k" }, { key: "k" }],
  ["an empty key is none", framer, header, { ...own, "idempotency-key": "" }, { key: "sub-1" }],
  [
    "one that is too long has a digest",
    framer,
    header,
    { ...own, "framer-webhook-submission-id": "x".repeat(300) },
    { key: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string },
  ],
  [
    "where the key is in the body, that one",
    framer,
    { kind: "pointer", pointer: "/id" } as const,
    own,
    { key: "in-body" },
  ],
])("%s", async (_, auth, rule, headers, key) => {
  expect(await keyOf(auth, rule, headers)).toMatchObject(key);
});

it("an id that nobody signed is none", async () => {
  const unsigned = { ...framer, signed: "{body}" };
  expect(await keyOf(unsigned, header, own)).toBe("key_missing");
  expect(await keyOf(framer, header, {})).toBe("key_missing");
});
