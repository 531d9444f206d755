// What the readers of source kinds make of bodies as their senders have them, and of bodies that nobody has.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { declaredOf } from "../../../src/config/declared-kind.ts";
import { readLead } from "../../../src/domain/leads/read-lead.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { readingOf } from "../../../src/kinds/sources/lead-readings.ts";
import type { LeadsRead, SourceKind } from "../../../src/kinds/sources/source-kind.ts";
import { metaBody } from "../../support/vendor-requests.ts";

const nowMs = Date.UTC(2026, 10, 29, 10);

async function read(kind: string, body: string | Buffer, headers: Readonly<Record<string, string>> = {}) {
  const declared = declaredOf<SourceKind>(builtInKinds.sources, kind);
  const request = { headers, rawBody: Buffer.from(body), target: "/webhook/lead/x" };
  return (await declared?.read?.({ kind }, request)) as LeadsRead;
}

async function keys(kind: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  const found = await read(kind, body, headers);
  return found.kind === "leads" ? found.leads.map(({ key }) => key) : found.kind;
}

describe("The sender's own id is the key, to the last digit", () => {
  it.each<[string, string, readonly (string | null)[]]>([
    [
      "meta-lead-ads",
      metaBody(
        ['{"leadgen_id":12345678901234567891,"form_id":1}', '{"leadgen_id":"444444444444","page_id":"7"}'],
        ',{"field":"feed","value":{}}',
      ),
      ["12345678901234567891", "444444444444"],
    ],
    [
      "linkedin-lead-sync",
      '{"type":"LEAD_ACTION","leadGenFormResponse":"urn:li:leadGenFormResponse:12","leadAction":"CREATED"}',
      ["urn:li:leadGenFormResponse:12 CREATED"],
    ],
    ["typeform", '{"event_id":"e","event_type":"form_response","form_response":{"token":"t1"}}', ["t1"]],
    ["typeform", '{"event_id":"e","event_type":"form_response","form_response":{}}', ["e"]],
    [
      "hubspot",
      '[{"eventId":1,"subscriptionId":12345678901234567891,"portalId":6,"occurredAt":1564113600000,"subscriptionType":"contact.creation","objectId":1},{"eventId":2,"subscriptionId":3,"portalId":6,"occurredAt":4,"subscriptionType":"contact.deletion"}]',
      ["6 12345678901234567891 1 1564113600000"],
    ],
    [
      "hubspot",
      '{"vid":12345678901234567891,"properties":{"lastmodifieddate":{"value":"17"}}}',
      ["12345678901234567891 17"],
    ],
    ["hubspot", '{"hs_object_id":5,"email":"a@example.com"}', [null]],
    ["webflow", '{"triggerType":"form_submission","payload":{"id":"6a","data":{}}}', ["6a"]],
    ["webflow", '{"name":"Contact","site":"s","data":{},"_id":"old"}', ["old"]],
    [
      "calendly",
      '{"event":"invitee.created","payload":{"uri":"https://api.calendly.com/i/1"}}',
      ["https://api.calendly.com/i/1 invitee.created"],
    ],
    [
      "calendly",
      '{"event":"routing_form_submission.created","payload":{"uri":"u"}}',
      ["u routing_form_submission.created"],
    ],
    ["tally", '{"eventId":"e","eventType":"FORM_RESPONSE","data":{"responseId":"r1"}}', ["r1"]],
  ])("%s %#", async (kind, body, expected) => {
    expect(await keys(kind, body)).toEqual(expected);
  });

  it("standard-webhooks, under either name", async () => {
    expect(await keys("standard-webhooks", "{}", { "webhook-id": "msg_1" })).toEqual(["msg_1"]);
    expect(await keys("standard-webhooks", "{}", { "svix-id": "msg_2" })).toEqual(["msg_2"]);
  });

  it.each([
    [
      '{"id":17,"form_id":3,"date_created":"x","source_url":"https://a.example/x"}',
      "gravity:https://a.example:17",
    ],
    [
      '{"id":"12345678901234567891","form_id":3,"date_created":"x","source_url":"https://a.example"}',
      "gravity:https://a.example:12345678901234567891",
    ],
    // As a number it cannot be told from its neighbours: the body is the key then.
    ['{"id":12345678901234567891,"form_id":3,"date_created":"x","source_url":"https://a.example"}', null],
    ['{"id":17,"form_id":3,"date_created":"x"}', null],
  ])("wordpress-form, with the website that counts: %s", async (body, key) => {
    expect(await keys("wordpress-form", body, { "content-type": "application/json" })).toEqual([key]);
  });

  it("of a Meta lead the value is stored, with its page, whatever else came in the request", async () => {
    const found = await read("meta-lead-ads", metaBody(['{"leadgen_id":12345678901234567891,"form_id":1}']));
    const [lead] = found.kind === "leads" ? found.leads : [];
    expect(lead?.bytes.toString()).toBe(
      '{"leadgen_id":12345678901234567891,"form_id":1,"page_id":"153125381133"}',
    );
  });
});

describe("What a sender tells is read into the vocabulary", () => {
  it.each<[string, string, object]>([
    [
      "calendly",
      '{"event":"invitee.created","payload":{"uri":"u","name":"Jörg Weiß","email":"JOERG@Example.com","tracking":{"utm_source":"google"},"scheduled_event":{"name":"Beratung"},"questions_and_answers":[{"question":"Telefon","answer":"030 1234567","position":0}]}}',
      {
        name: "Jörg Weiß",
        email: "joerg@example.com",
        form: "Beratung",
        utm: { source: "google" },
        phones: ["+49301234567"],
      },
    ],
    [
      "hubspot",
      '{"vid":1,"properties":{"firstname":{"value":"Anna"},"lastname":{"value":"Groß"},"email":{"value":"a@example.com"},"phone":{"value":"+49 30 1234567"}}}',
      { first_name: "Anna", last_name: "Groß", email: "a@example.com", phones: ["+49301234567"] },
    ],
    [
      "typeform",
      '{"event_type":"form_response","form_response":{"form_id":"f","token":"t","definition":{"title":"Kontakt","fields":[{"id":"1","ref":"r","type":"email","title":"Ihre E-Mail"}]},"answers":[{"type":"email","email":"a@example.com","field":{"id":"1","type":"email","ref":"r"}}]}}',
      { email: "a@example.com", form: "Kontakt" },
    ],
    [
      "webflow",
      '{"triggerType":"form_submission","payload":{"id":"1","name":"Kontaktformular","data":{"Vorname":"Anna","E-Mail":"a@example.com"}}}',
      { first_name: "Anna", email: "a@example.com", form: "Kontaktformular" },
    ],
    [
      "tally",
      '{"eventType":"FORM_RESPONSE","data":{"responseId":"r","formName":"Anfrage","fields":[{"key":"q1","label":"E-Mail","type":"INPUT_EMAIL","value":"a@example.com"}]}}',
      { email: "a@example.com", form: "Anfrage" },
    ],
  ])("%s", (kind, body, expected) => {
    const reading = readingOf(
      { country: "DE", map: null, person: null, auth: { kind } },
      builtInKinds.sources,
    );
    expect(readLead(JSON.parse(body) as Record<string, unknown>, reading)).toMatchObject(expected);
  });
});

describe("Whatever comes", () => {
  const kinds = builtInKinds.sources.filter((kind) => kind.read !== undefined);
  const names = [
    "entry",
    "changes",
    "field",
    "value",
    "leadgen_id",
    "id",
    "payload",
    "event",
    "data",
    "form_response",
  ];
  const more = [
    "object",
    "leadAction",
    "subscriptionType",
    "old_invitee",
    "__proto__",
    "properties",
    "triggerType",
  ];
  const scalar = fc.oneof(
    fc.constantFrom(
      "page",
      "leadgen",
      "LEAD_ACTION",
      "DELETED",
      "invitee.created",
      "contact.privacyDeletion",
    ),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      scalar,
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names, ...more), tie("tree"), { maxKeys: 4 }),
    ),
  }));
  const bytes = fc.oneof(
    tree.map((value) => Buffer.from(JSON.stringify(value))),
    fc.uint8Array({ maxLength: 40 }).map((raw) => Buffer.from(raw)),
  );

  it.each(kinds.map((kind) => [kind.kind, kind] as const))(
    "%s reads it without throwing",
    async (_, kind) => {
      await fc.assert(
        fc.asyncProperty(bytes, async (rawBody) => {
          const found = await kind.read?.({ kind: kind.kind }, { headers: {}, rawBody, target: "" });
          if (found?.kind !== "leads") return;
          for (const { body, bytes: own } of found.leads)
            expect([body.kind, Buffer.isBuffer(own)]).toEqual([
              expect.stringMatching(/^(?:lead|unreadable)$/),
              true,
            ]);
        }),
        { numRuns: 300 },
      );
    },
  );

  it.each(kinds.map((kind) => [kind.kind, kind] as const))("%s lets nobody in by it", (_, kind) => {
    const text = fc.string({ unit: "binary", maxLength: 60 });
    fc.assert(
      fc.property(bytes, text, text, (rawBody, value, target) => {
        const headers = new Proxy<Record<string, string>>({}, { get: () => value });
        const secrets = [{ value: "a secret that nobody has", notAfter: null }];
        const proof = { headers, rawBody, target, origin: () => null };
        if (kind.signsBody)
          expect(kind.authenticate({ kind: kind.kind, secrets }, proof, nowMs).ok).toBe(false);
        expect(() =>
          kind.handshake?.({ kind: kind.kind, secrets }, { headers, target }, nowMs),
        ).not.toThrow();
      }),
      { numRuns: 100 },
    );
  });
});
