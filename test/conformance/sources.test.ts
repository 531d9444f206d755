// The kinds of source that there are, and one that a test adds, behave as every source must.
import { builtInKinds } from "../../src/kinds/kinds.ts";
import { portal, portalHeaders } from "../support/portal-source.ts";
import { signedHeaders } from "../support/webhook-client.ts";
import {
  calendlyHeaders,
  hubspotHeaders,
  linkedinHeaders,
  metaBody,
  metaHeaders,
  standardHeaders,
  svixHeaders,
  tallyHeaders,
  typeformHeaders,
  webflowHeaders,
  whsecOf,
} from "../support/vendor-requests.ts";
import type { Headers, Proving } from "../support/vendor-requests.ts";
import { opensslHmac } from "../support/signed-elsewhere.ts";
import { describeSourceKind } from "./source.ts";

const one = { kinds: builtInKinds, leadsMax: 1, body: ([lead = ""]: readonly string[]) => lead } as const;

describeSourceKind("hmac", {
  ...one,
  entry: (secret) => ({ auth: { kind: "hmac", secret } }),
  headers: (secret, body, atMs) => signedHeaders(secret, body.toString(), atMs),
  isTimed: true,
});

describeSourceKind("token", {
  ...one,
  entry: (secret) => ({ auth: { kind: "token", secret } }),
  headers: (secret) => ({ authorization: `Bearer ${secret}` }),
  isTimed: false,
});

describeSourceKind("form", {
  ...one,
  entry: () => ({ kind: "form" }),
  headers: null,
  isTimed: false,
});

const urlencoded = "application/x-www-form-urlencoded";
const inAddress = {
  ...one,
  headers: () => ({}),
  isTimed: false,
  address: (secret: string) => `/${secret}`,
  keptStatus: 200,
} as const;
/** The members of a lead as the fields of a form. */
const fieldsOf = ([lead = "{}"]: readonly string[], name: (member: string) => string): [string, string][] =>
  [...lead.matchAll(/"(\w+)":"?([^",}]*)/g)].map(([, member = "", value = ""]) => [name(member), value]);

describeSourceKind("token, in the address", {
  ...one,
  entry: (secret) => ({ auth: { kind: "token", secret } }),
  headers: () => ({}),
  isTimed: false,
  address: (secret) => `?source=x&token=${secret}`,
});

describeSourceKind("token, as a Basic password", {
  ...one,
  entry: (secret) => ({ auth: { kind: "token", secret } }),
  headers: (secret) => ({ authorization: `Basic ${btoa(`leads:${secret}`)}` }),
  isTimed: false,
});

describeSourceKind("google-ads-lead-form", {
  ...one,
  entry: (secret) => ({ kind: "google-ads-lead-form", google_key: secret }),
  headers: () => ({}),
  isTimed: false,
  body: ([lead = ""]) => lead.replace('"id":', '"lead_id":'),
  prove: (secret, body) => body.replace(/\}$/, `,"google_key":"${secret}"}`),
  provesUnreadable: false,
  keptStatus: 200,
});

describeSourceKind("elementor, without advanced data", {
  ...inAddress,
  entry: (secret) => ({ kind: "elementor", token: secret }),
  contentType: urlencoded,
  body: (leads) => new URLSearchParams(fieldsOf(leads, (member) => member)).toString(),
});

describeSourceKind("elementor, with advanced data", {
  ...inAddress,
  entry: (secret) => ({ kind: "elementor", token: secret }),
  contentType: urlencoded,
  body: (leads) =>
    new URLSearchParams([
      ["form[id]", "5"],
      ...fieldsOf(leads, (member) => `fields[${member}][value]`),
    ]).toString(),
});

describeSourceKind("wordpress-form", {
  ...inAddress,
  entry: (secret) => ({ kind: "wordpress-form", token: secret }),
});

describeSourceKind("unbounce", {
  ...inAddress,
  entry: (secret) => ({ kind: "unbounce", token: secret }),
  contentType: urlencoded,
  body: ([lead = ""]) => new URLSearchParams({ page_id: "7", "data.json": lead }).toString(),
});

describeSourceKind("jotform", {
  ...inAddress,
  entry: (secret) => ({ kind: "jotform", token: secret }),
  contentType: "multipart/form-data; boundary=b",
  body: ([lead = ""]) =>
    [
      ["submissionID", /"id":([0-9]+)/.exec(lead)?.[1] ?? ""],
      ["rawRequest", lead],
    ]
      .map(
        ([name = "", value = ""]) =>
          `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join("") + "--b--\r\n",
});

describeSourceKind("none", {
  ...one,
  entry: () => ({ auth: { kind: "none" } }),
  headers: null,
  isTimed: false,
});

describeSourceKind("portal, which is added", {
  kinds: { ...builtInKinds, sources: [...builtInKinds.sources, portal] },
  entry: (secret) => ({ kind: "portal", secret }),
  headers: portalHeaders,
  isTimed: true,
  body: (leads) => `{"messages":[${leads.join(",")}]}`,
  leadsMax: "several",
});

const by =
  (make: (proving: Proving) => Headers) =>
  (secret: string, body: Buffer, atMs: number, url: string): Headers =>
    make({ secret, body, atMs, url });

/** The member under which its sender has the id of a lead, in place of `id`. */
const renamed = (lead: string, member: string): string => lead.replace('"id":', `"${member}":`);

const ok = { status: 200, text: '{"status":"ok"}' };

for (const [names, headers] of [
  ["webhook", standardHeaders],
  ["svix", svixHeaders],
] as const)
  describeSourceKind(`standard-webhooks (${names})`, {
    ...one,
    entry: (secret) => ({ kind: "standard-webhooks", secret }),
    written: whsecOf,
    headers: by(headers),
    isTimed: true,
  });

describeSourceKind("meta-lead-ads", {
  kinds: builtInKinds,
  entry: (secret) => ({ kind: "meta-lead-ads", secret, verify_token: "planted-verify-token" }),
  headers: by(metaHeaders),
  isTimed: false,
  body: (leads) => metaBody(leads.map((lead) => renamed(lead, "leadgen_id"))),
  leadsMax: "several",
  success: { status: 200, text: "EVENT_RECEIVED" },
  noLeads: [
    { body: metaBody([], '{"field":"feed","value":{"item":"post"}}') },
    { body: '{"object":"user","entry":[]}' },
  ],
  routing: {
    listed: (page) => ({ pages: [page] }),
    body: (page, lead) => metaBody([renamed(lead, "leadgen_id").replace("{", `{"page_id":${page},`)]),
  },
  handshakes: () => [
    {
      query: "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=planted-verify-token",
      status: 200,
      text: "1158201444",
    },
    {
      query: "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong",
      status: 403,
      text: /verify_token/,
    },
  ],
});

const challenge = "890e4665-4dfe-4ab1-b689-ed553bceeed0";

describeSourceKind("linkedin-lead-sync", {
  kinds: builtInKinds,
  entry: (secret) => ({ kind: "linkedin-lead-sync", secret }),
  headers: by(linkedinHeaders),
  isTimed: false,
  body: ([lead = ""]) =>
    renamed(lead, "leadGenFormResponse").replace("{", '{"type":"LEAD_ACTION","leadAction":"CREATED",'),
  leadsMax: 1,
  success: ok,
  routing: {
    listed: (organization) => ({ organizations: [organization] }),
    body: (organization, lead) =>
      renamed(lead, "leadGenFormResponse").replace(
        "{",
        `{"type":"LEAD_ACTION","leadAction":"CREATED","owner":{"organization":"urn:li:organization:${organization}"},`,
      ),
  },
  noLeads: [
    {
      body: '{"type":"LEAD_ACTION","leadGenFormResponse":"urn:li:leadGenFormResponse:1","leadAction":"DELETED"}',
      kept: "erasure_requested",
    },
  ],
  handshakes: (secret) => [
    {
      query: `?challengeCode=${challenge}`,
      status: 200,
      text: JSON.stringify({
        challengeCode: challenge,
        challengeResponse: opensslHmac(secret, Buffer.from(challenge), "hex"),
      }),
    },
    {
      query: `?challengeCode=${encodeURIComponent('hmacsha256={"forged":1}')}`,
      status: 405,
      text: /method_not_allowed/,
    },
  ],
});

describeSourceKind("typeform", {
  ...one,
  entry: (secret) => ({ kind: "typeform", secret }),
  headers: by(typeformHeaders),
  isTimed: false,
  body: ([lead = ""]) => `{"event_type":"form_response","form_response":${renamed(lead, "token")}}`,
  success: ok,
});

describeSourceKind("hubspot, signed", {
  kinds: builtInKinds,
  entry: (secret) => ({ kind: "hubspot", secret }),
  headers: by(hubspotHeaders),
  isTimed: true,
  body: (leads) =>
    `[${leads.map((lead) => renamed(lead, "eventId").replace("{", '{"portalId":1,"subscriptionId":2,"occurredAt":3,')).join(",")}]`,
  leadsMax: "several",
  success: ok,
  retryAfterMs: true,
  noLeads: [
    { body: '[{"eventId":1,"subscriptionType":"contact.deletion"}]' },
    { body: '[{"eventId":1,"subscriptionType":"contact.privacyDeletion"}]', kept: "erasure_requested" },
  ],
});

describeSourceKind("hubspot, with an API key", {
  ...one,
  entry: (secret) => ({ kind: "hubspot", secret, api_key_name: "X-Own-Key" }),
  headers: (secret) => ({ "x-own-key": secret }),
  isTimed: false,
  body: ([lead = ""]) => renamed(lead, "vid").replace("{", '{"timestamp":1,'),
  success: ok,
  retryAfterMs: true,
});

describeSourceKind("webflow", {
  ...one,
  entry: (secret) => ({ kind: "webflow", secret }),
  headers: by(webflowHeaders),
  isTimed: true,
  body: ([lead = ""]) => `{"triggerType":"form_submission","payload":${lead}}`,
  success: ok,
  noLeads: [{ body: '{"triggerType":"site_publish","payload":{}}' }],
});

describeSourceKind("calendly", {
  ...one,
  entry: (secret) => ({ kind: "calendly", secret }),
  headers: by(calendlyHeaders),
  isTimed: true,
  body: ([lead = ""]) => `{"event":"invitee.created","payload":${renamed(lead, "uri")}}`,
  success: ok,
  noLeads: [
    { body: '{"event":"invitee.canceled","payload":{"uri":"a","rescheduled":true}}' },
    { body: '{"event":"invitee.created","payload":{"uri":"b","old_invitee":"a"}}' },
  ],
});

describeSourceKind("tally", {
  ...one,
  entry: (secret) => ({ kind: "tally", secret }),
  headers: by(tallyHeaders),
  isTimed: false,
  body: ([lead = ""]) => `{"eventType":"FORM_RESPONSE","data":${renamed(lead, "responseId")}}`,
  success: ok,
});
