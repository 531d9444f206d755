// Whose a request is that nobody could read as a lead: looked for in what can be read of it, so that a person who asks
// for their data is found here too.
import type { QuarantinedContent } from "../domain/attention/quarantine.ts";
import { readFormBody } from "../bodies/form-body.ts";
import { readJsonBody } from "../bodies/json-body.ts";
import { unpackBody } from "../bodies/unpack-body.ts";
import { headerValue } from "../domain/sources/request-headers.ts";
import { plainReading } from "../domain/leads/lead-reading.ts";
import type { PersonHashes, PersonIndex } from "./person-index.ts";

/** By the names of fields where it is JSON or a form, else the first address and the first number in it. */
export function findPersonIn(content: QuarantinedContent, persons: PersonIndex): PersonHashes {
  const body = unpackedContent(content);
  for (const read of [readJsonBody(body), readFormBody(body)]) {
    if (read.kind !== "lead") continue;
    const found = persons.hashesOf(read.value, plainReading);
    if (found.emailHash !== null || found.phoneHash !== null) return found;
  }
  const text = body.toString("utf8");
  return {
    emailHash: firstOf(text, emailPattern, (email) => persons.hashOfEmail(email)),
    phoneHash: firstOf(text, phonePattern, (phone) => persons.hashOfPhone(phone)),
  };
}

/** As it was sent where it cannot be unpacked. */
export function unpackedContent({ headers, body }: QuarantinedContent): Buffer {
  const unpacked = unpackBody(body, headerValue(headers, "content-encoding"), unpackedBytesMax);
  return unpacked?.kind === "unpacked" ? unpacked.body : body;
}

const unpackedBytesMax = 1024 * 1024;

/** Candidates that are looked at in a body: most are no address at all. */
const candidatesMax = 50;
// Bounded repetitions: whoever sends this may choose every character.
const emailPattern = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g;
const phonePattern = /\+?\d[\d ()/-]{6,24}\d/g;

function firstOf(text: string, pattern: RegExp, hashOf: (candidate: string) => Buffer | null): Buffer | null {
  let candidates = 0;
  for (const [candidate] of text.matchAll(pattern)) {
    const found = hashOf(candidate);
    if (found !== null) return found;
    candidates += 1;
    if (candidates >= candidatesMax) return null;
  }
  return null;
}
