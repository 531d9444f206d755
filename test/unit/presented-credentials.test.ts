// Headers in an answer about credentials are written as people write them.
import { expect, it } from "vitest";
import { credentialsReason } from "../../src/domain/sources/presented-credentials.ts";

it("names a header of an added kind in the answer as it was looked for", () => {
  const headers = { "x-events-signature": "v1=secret" };
  const { en } = credentialsReason(headers, "X-Events-Signature", ["x-events-signature"]);
  expect(en).toContain("Looked for: X-Events-Signature. There: X-Events-Signature.");
  expect(en).not.toContain("secret");
});
