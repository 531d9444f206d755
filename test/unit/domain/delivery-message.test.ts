import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import type { EarlierLead } from "../../../src/domain/leads/same-person.ts";
import { parseWithExactNumbers, writeExactly } from "../../../src/domain/values/exact-json.ts";
import { plainReading } from "../../../src/domain/leads/lead-reading.ts";
import { deliveryBody, deliveryDocument } from "../../../src/domain/destinations/delivery-body.ts";
import {
  deliveryHeaders,
  deliveryId,
  isReservedHeader,
  isSendableHeader,
  signingKey,
  signingSecretProblem,
} from "../../../src/domain/destinations/delivery-message.ts";

const runId = "0197f3a2-7c1e-7abc-8def-0123456789ab";
const receivedAt = new Date("2026-07-15T12:00:00.123Z");

function bodyWith(leadJson: string): string {
  return deliveryBody({
    runId,
    source: "website",
    receivedAt,
    revision: null,
    leadJson,
    reading: plainReading,
  });
}

describe("the body that a destination receives", () => {
  it("names the lead, its source and its time, and carries the lead itself", () => {
    expect(JSON.parse(bodyWith('{"email":"erika@example.de"}'))).toMatchObject({
      type: "lead.received",
      run_id: runId,
      source: "website",
      received_at: "2026-07-15T12:00:00.123Z",
      lead: { email: "erika@example.de", name: null, phones: [], consent: null },
      data: { email: "erika@example.de" },
    });
  });

  it("keeps every digit of a long number", () => {
    expect(bodyWith('{"campaign_id":12345678901234567890,"price":1.10}')).toContain(
      '"data":{"campaign_id":12345678901234567890,"price":1.10}}',
    );
  });

  it("is JSON for every lead and every source name", () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (leadJson, source) => {
        const parsed = JSON.parse(
          deliveryBody({ runId, source, receivedAt, revision: null, leadJson, reading: plainReading }),
        ) as Record<string, unknown>;
        expect(parsed.source).toBe(source);
        expect(parsed.data).toEqual(JSON.parse(leadJson));
      }),
    );
  });
});

describe("what maps and conditions point into", () => {
  const leads = fc.oneof(
    fc.json(),
    fc.constantFrom(
      '{"betrag":1.10,"id":12345678901234567890,"email":"erika@example.de","telefon":"0171 2345678"}',
      '{"vorname":"Erika","nachname":"Muster","__proto__":{"a":1},"utm_source":"x","telefone":["1",2]}',
      '"[1,2"',
    ),
  );

  it("is the delivery as it is sent, whether it was made a moment ago or is read again", () => {
    fc.assert(
      fc.property(leads, fc.boolean(), fc.option(fc.nat()), (leadJson, isMarked, revision) => {
        const samePerson = isMarked ? ({ run_id: runId, by: "email" } as EarlierLead) : null;
        const lead = {
          runId,
          source: 'web"site',
          receivedAt,
          revision,
          leadJson,
          reading: plainReading,
          samePerson,
        };
        const body = deliveryBody(lead);
        const made = deliveryDocument(body);
        deliveryDocument("{}");
        expect(writeExactly(made)).toBe(writeExactly(deliveryDocument(body)));
        expect(made).toEqual(parseWithExactNumbers(body));
      }),
    );
  });
});

describe("the signature", () => {
  const body = bodyWith('{"name":"Jürgen 😀"}');
  const id = deliveryId(runId, "crm", null);

  it("of a whsec_ secret is accepted by the reference library of Standard Webhooks", () => {
    const secret = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;
    const headers = deliveryHeaders({ id, body, secret, nowMs: Date.now() });
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
  });

  it("of any other secret uses the secret's UTF-8 bytes", () => {
    const secret = "ein-Schlüssel";
    const headers = deliveryHeaders({ id, body, secret, nowMs: Date.now() });
    const key = new TextEncoder().encode(secret);
    expect(new Webhook(key, { format: "raw" }).verify(body, headers)).toEqual(JSON.parse(body));
  });

  it("is absent without a secret; the id is there all the same, twice, and stable", () => {
    const at = (nowMs: number): Record<string, string> => deliveryHeaders({ id, body, secret: null, nowMs });
    expect(at(1_000)).toEqual({
      "content-type": "application/json",
      "webhook-id": `${runId}:crm`,
      "webhook-timestamp": "1",
      "idempotency-key": `${runId}:crm`,
    });
    expect(at(99_999)["webhook-timestamp"]).toBe("99");
  });

  it("with a secret that only looks like whsec_ is reported to whoever configures it", () => {
    expect(signingSecretProblem("whsec_no base64!")).toContain("base64");
    expect(signingSecretProblem("whsec_")).toContain("base64");
    expect(signingSecretProblem("")).not.toBeNull();
    expect(signingSecretProblem("whsec_AAAA")).toBeNull();
    expect(signingSecretProblem("anything")).toBeNull();
    expect(signingKey("whsec_no base64!").toString()).toBe("whsec_no base64!");
  });
});

describe("a configured header", () => {
  it.each([
    "Content-Length",
    "TRANSFER-ENCODING",
    "host",
    "Connection",
    "Webhook-Signature",
    "Idempotency-Key",
  ])("%s is refused", (name) => {
    expect(isReservedHeader(name)).toBe(true);
  });

  it.each(["X-Team", "Authorization", "User-Agent", "Accept"])("%s is allowed", (name) => {
    expect(isReservedHeader(name)).toBe(false);
  });

  it("cannot smuggle a second header or a character that HTTP does not carry", () => {
    expect(isSendableHeader("X-Team", "inbound, DACH")).toBe(true);
    expect(isSendableHeader("X-Team", "a\r\nContent-Length: 0")).toBe(false);
    expect(isSendableHeader("X-Team", "Köln")).toBe(false);
    expect(isSendableHeader("X Team", "a")).toBe(false);
    expect(isSendableHeader("", "a")).toBe(false);
  });
});
