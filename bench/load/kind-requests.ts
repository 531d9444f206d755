// Requests as the senders of each kind of source make them (docs/en/source-kinds.md): their shapes, signed by the code of
// the conformance suite with node's own HMAC. No two leads are alike.
import { createHmac } from "node:crypto";
import {
  calendlyHeaders,
  hubspotHeaders,
  linkedinHeaders,
  metaBody,
  metaHeaders,
  standardHeaders,
  tallyHeaders,
  typeformHeaders,
  webflowHeaders,
  whsecOf,
} from "../../test/support/vendor-requests.ts";
import type { Headers, Proving } from "../../test/support/vendor-requests.ts";
import { enquirer, leadBody } from "./lead.ts";
import type { Enquirer } from "./lead.ts";

/** Who sends to a source of one kind. */
export interface KindSender {
  /** As the table calls it. */
  readonly name: string;
  readonly kind: string;
  /** The source, as the configuration file has it. */
  readonly source: object;
  readonly contentType: string;
  body(who: Enquirer, number: number): string;
  readonly headers?: (proving: Proving, number: number) => Headers;
  /** What stands in the address behind the source's name. */
  readonly address?: string;
}

const secret = "bench-source-secret-0123456789abcdef";
const json = "application/json";
const urlencoded = "application/x-www-form-urlencoded";
const atIso = "2026-11-29T10:00:00.000Z";
const page = "https://www.example.com/angebot/anfrage";
const keyed = (number: number): Headers => ({ "idempotency-key": `lead-${number}` });
const leadId = (number: number): string => `${1_000_000_000_000_000 + number}`;
const text = JSON.stringify;
const full = ({ firstName, lastName }: Enquirer): string => `${firstName} ${lastName}`;

function signed({ body, atMs }: Proving, number: number): Headers {
  const timestamp = String(Math.floor(atMs / 1_000));
  const signature = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
  return {
    ...keyed(number),
    "x-timestamp": timestamp,
    "x-signature": `sha256=${signature}`,
  };
}

const plain = (_who: Enquirer, number: number): string => leadBody(number, `lead-${number}`);

export const kindSenders: readonly KindSender[] = [
  {
    name: "hmac",
    kind: "hmac",
    source: { auth: { kind: "hmac", secret } },
    contentType: json,
    body: plain,
    headers: signed,
  },
  {
    name: "hmac, `map`",
    kind: "hmac",
    source: {
      auth: { kind: "hmac", secret },
      map: {
        first_name: "/vorname",
        last_name: "/nachname",
        email: "/email",
        phones: { all: ["/telefon", "/mobil"] },
        postal_code: "/plz",
        town: "/ort",
        message: "/nachricht",
        "utm.campaign": "/quelle/kampagne",
      },
    },
    contentType: json,
    body: plain,
    headers: signed,
  },
  {
    name: "token",
    kind: "token",
    source: { auth: { kind: "token", secret } },
    contentType: json,
    body: plain,
    headers: (_proving, number) => ({ ...keyed(number), authorization: `Bearer ${secret}` }),
  },
  {
    name: "none",
    kind: "none",
    source: { auth: { kind: "none" } },
    contentType: json,
    body: plain,
    headers: (_proving, number) => keyed(number),
  },
  {
    name: "form",
    kind: "form",
    source: { kind: "form", origins: ["https://www.example.com"], address_limit: "1000000/s" },
    contentType: urlencoded,
    body: (who) =>
      new URLSearchParams({
        vorname: who.firstName,
        nachname: who.lastName,
        email: who.email,
        telefon: who.phone,
        nachricht: who.wish,
        datenschutz: "on",
        website: "",
      }).toString(),
    headers: () => ({
      accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
      "accept-language": "de,en;q=0.5",
      origin: "https://www.example.com",
      referer: page,
      "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    }),
  },
  {
    name: "wordpress-form (Fluent Forms)",
    kind: "wordpress-form",
    source: { kind: "wordpress-form", token: secret },
    contentType: json,
    address: `/${secret}`,
    body: (who, number) =>
      text({
        names: { first_name: who.firstName, last_name: who.lastName },
        email: who.email,
        phone: who.phone,
        message: who.wish,
        __submission: { id: number, form_id: 3, serial_number: number, source_url: page, created_at: atIso },
      }),
  },
  {
    name: "meta-lead-ads",
    kind: "meta-lead-ads",
    source: { kind: "meta-lead-ads", secret, verify_token: "bench-verify-token-0123456789" },
    contentType: json,
    body: (_who, number) =>
      metaBody([
        `{"leadgen_id":${leadId(number)},"page_id":153125381133,"form_id":564110247004,"ad_id":6035743,"adgroup_id":6035744,"created_time":1438292065}`,
      ]),
    headers: metaHeaders,
  },
  {
    name: "google-ads-lead-form",
    kind: "google-ads-lead-form",
    source: { kind: "google-ads-lead-form", google_key: secret },
    contentType: json,
    body: (who, number) =>
      text({
        lead_id: leadId(number),
        user_column_data: [
          { column_id: "FULL_NAME", column_name: "Full Name", string_value: full(who) },
          { column_id: "EMAIL", column_name: "User Email", string_value: who.email },
          { column_id: "PHONE_NUMBER", column_name: "User Phone", string_value: who.phone },
          { column_id: "POSTAL_CODE", string_value: who.postalCode },
        ],
        api_version: "1.0",
        form_id: 40000000000,
        campaign_id: 30000000000,
        google_key: secret,
        is_test: false,
        gcl_id: `gclid-${number}`,
        lead_submit_time: atIso,
      }),
  },
  {
    name: "linkedin-lead-sync",
    kind: "linkedin-lead-sync",
    source: { kind: "linkedin-lead-sync", secret },
    contentType: json,
    body: (_who, number) =>
      text({
        type: "LEAD_ACTION",
        leadGenFormResponse: `urn:li:leadGenFormResponse:${leadId(number)}`,
        leadGenForm: "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162,1)",
        owner: { sponsoredAccount: "urn:li:sponsoredAccount:520866471" },
        associatedEntity: "urn:li:sponsoredCreative:66219834",
        leadType: "SPONSORED",
        leadAction: "CREATED",
        occurredAt: 1_764_410_400_000,
      }),
    headers: linkedinHeaders,
  },
  {
    name: "typeform",
    kind: "typeform",
    source: { kind: "typeform", secret },
    contentType: json,
    body: typeformBody,
    headers: typeformHeaders,
  },
  {
    name: "hubspot (workflow)",
    kind: "hubspot",
    source: { kind: "hubspot", secret },
    contentType: json,
    body: (who, number) =>
      text({
        vid: number + 1,
        "portal-id": 62515,
        properties: {
          firstname: { value: who.firstName },
          lastname: { value: who.lastName },
          email: { value: who.email },
          phone: { value: who.phone },
          zip: { value: who.postalCode },
          city: { value: who.town },
          lastmodifieddate: { value: "1764410400000" },
        },
      }),
    headers: hubspotHeaders,
  },
  {
    name: "webflow",
    kind: "webflow",
    source: { kind: "webflow", secret },
    contentType: json,
    body: (who, number) =>
      text({
        triggerType: "form_submission",
        payload: {
          name: "Kontaktformular",
          siteId: "65427cf400e02b306eaa049c",
          data: {
            Vorname: who.firstName,
            Nachname: who.lastName,
            "E-Mail": who.email,
            Telefon: who.phone,
            Nachricht: who.wish,
          },
          schema: [{ fieldName: "E-Mail", fieldType: "FormTextInput", fieldElementId: "285042f7-d554" }],
          submittedAt: atIso,
          id: leadId(number),
          formId: "65429eadebe8a9f3a30f62d0",
        },
      }),
    headers: webflowHeaders,
  },
  {
    name: "elementor (advanced data)",
    kind: "elementor",
    source: { kind: "elementor", token: secret },
    contentType: `${urlencoded}; charset=UTF-8`,
    address: `/${secret}`,
    body: elementorBody,
  },
  {
    name: "jotform",
    kind: "jotform",
    source: { kind: "jotform", token: secret },
    contentType: "multipart/form-data; boundary=----bench",
    address: `/${secret}`,
    body: jotformBody,
  },
  {
    name: "unbounce",
    kind: "unbounce",
    source: { kind: "unbounce", token: secret },
    contentType: urlencoded,
    address: `/${secret}`,
    body: (who) =>
      new URLSearchParams({
        page_id: "7f7f6a5c-0e5e-4b60-8d1a-0b9b6b1b7f11",
        page_name: "Dach",
        page_url: page,
        variant: "a",
        "data.json": text({
          name: [full(who)],
          email: [who.email],
          telefon: [who.phone],
          ip_address: ["192.0.2.1"],
          time_submitted: ["12:12 PM UTC"],
        }),
      }).toString(),
  },
  {
    name: "calendly",
    kind: "calendly",
    source: { kind: "calendly", secret },
    contentType: json,
    body: (who, number) =>
      text({
        event: "invitee.created",
        created_at: atIso,
        payload: {
          uri: `https://api.calendly.com/scheduled_events/A/invitees/${leadId(number)}`,
          email: who.email,
          name: full(who),
          status: "active",
          timezone: "Europe/Berlin",
          questions_and_answers: [
            { question: "Telefon", answer: who.phone, position: 0 },
            { question: "Worum geht es?", answer: who.wish, position: 1 },
          ],
          tracking: { utm_campaign: "fruehjahr", utm_source: "google", utm_medium: "cpc" },
          rescheduled: false,
          scheduled_event: { name: "Beratung", start_time: atIso },
        },
      }),
    headers: calendlyHeaders,
  },
  {
    name: "tally",
    kind: "tally",
    source: { kind: "tally", secret },
    contentType: json,
    body: (who, number) =>
      text({
        eventId: `event-${number}`,
        eventType: "FORM_RESPONSE",
        createdAt: atIso,
        data: {
          responseId: leadId(number),
          formId: "wMBk1z",
          formName: "Anfrage",
          fields: [
            { key: "question_1", label: "Name", type: "INPUT_TEXT", value: full(who) },
            { key: "question_2", label: "E-Mail", type: "INPUT_EMAIL", value: who.email },
            { key: "question_3", label: "Telefon", type: "INPUT_PHONE_NUMBER", value: who.phone },
            { key: "question_4", label: "Nachricht", type: "TEXTAREA", value: who.wish },
          ],
        },
      }),
    headers: tallyHeaders,
  },
  {
    name: "standard-webhooks",
    kind: "standard-webhooks",
    source: { kind: "standard-webhooks", secret: whsecOf(secret) },
    contentType: json,
    body: plain,
    headers: (proving) => standardHeaders({ ...proving, secret: whsecOf(secret) }),
  },
];

function typeformBody(who: Enquirer, number: number): string {
  const asked = [
    ["name", "text", "short_text", "Wie heißen Sie?", full(who)],
    ["mail", "email", "email", "Ihre E-Mail-Adresse", who.email],
    ["tel", "phone_number", "phone_number", "Ihre Telefonnummer", who.phone],
    ["wish", "text", "long_text", "Worum geht es?", who.wish],
  ] as const;
  return text({
    event_id: `event-${number}`,
    event_type: "form_response",
    form_response: {
      form_id: "lT4Z3j",
      token: leadId(number),
      landed_at: atIso,
      submitted_at: atIso,
      definition: {
        id: "lT4Z3j",
        title: "Anfrage",
        fields: asked.map(([id, , type, title]) => ({ id, ref: `ref-${id}`, type, title })),
      },
      answers: asked.map(([id, answer, type, , value]) => ({
        type: answer,
        [answer]: value,
        field: { id, ref: `ref-${id}`, type },
      })),
    },
  });
}

function elementorBody(who: Enquirer, number: number): string {
  const fields = [
    ["name", "text", "Name", full(who)],
    ["email", "email", "E-Mail", who.email],
    ["tel", "tel", "Telefon", who.phone],
    ["message", "textarea", "Nachricht", `${who.wish} (${number})`],
  ] as const;
  return new URLSearchParams([
    ["form[id]", "5c1d2f0"],
    ["form[name]", "Anfrage"],
    ...fields.flatMap(([id, type, title, value]) =>
      Object.entries({ id, type, title, value, raw_value: value, required: "1" }).map(
        ([member, said]): [string, string] => [`fields[${id}][${member}]`, said],
      ),
    ),
    ["meta[page_url][title]", "Seiten-URL"],
    ["meta[page_url][value]", page],
  ]).toString();
}

function jotformBody(who: Enquirer, number: number): string {
  const parts = [
    ["formID", "233040000000000"],
    ["submissionID", `5${leadId(number)}`],
    ["formTitle", "Anfrage"],
    [
      "rawRequest",
      text({
        slug: "submit/233040000000000",
        q3_name: { first: who.firstName, last: who.lastName },
        q4_email: who.email,
        q5_telefon: { full: who.phone },
        q6_nachricht: who.wish,
      }),
    ],
    ["type", "WEB"],
  ] as const;
  const written = parts.map(
    ([name, value]) => `------bench\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${written.join("")}------bench--\r\n`;
}

export const probedSource = "probed";

/** `name`: of the sender. Ready to be written to a socket; signatures are good for 180 s at least. */
export function kindRequest(name: string, port: number, number: number): Buffer {
  const sender = kindSenders.find((each) => each.name === name);
  if (sender === undefined) throw new Error(`there is no sender ${name}`);
  const path = `/webhook/lead/${probedSource}${sender.address ?? ""}`;
  const body = Buffer.from(sender.body(enquirer(number), number));
  const url = `http://127.0.0.1:${port}${path}`;
  const headers = sender.headers?.({ secret, body, atMs: Date.now(), url, hmac: nodeHmac }, number) ?? {};
  const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`);
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: ${sender.contentType}\r\nContent-Length: ${body.length}\r\n`;
  return Buffer.concat([Buffer.from(`${head}${lines.join("")}\r\n`), body]);
}

function nodeHmac(key: string, signed: Buffer, encoding: "hex" | "base64"): string {
  return createHmac("sha256", key).update(signed).digest(encoding);
}
