import { brevoFields } from "../../src/kinds/destinations/brevo/fields.ts";
import { brevo } from "../../src/kinds/destinations/brevo/kind.ts";
import * as brevoTransport from "../../src/kinds/destinations/brevo/transport.ts";
import type { DestinationKind } from "../../src/kinds/destinations/destination-kind.ts";
import { leadBuyerFields } from "../../src/kinds/destinations/lead-buyer/fields.ts";
import { leadBuyer } from "../../src/kinds/destinations/lead-buyer/kind.ts";
import * as leadBuyerTransport from "../../src/kinds/destinations/lead-buyer/transport.ts";
import { mailchimp } from "../../src/kinds/destinations/mailchimp/kind.ts";
import * as mailchimpTransport from "../../src/kinds/destinations/mailchimp/transport.ts";
import type { Sender } from "../../src/kinds/destinations/sender.ts";
import { json, startInterface } from "../support/interface-double.ts";
import type { Route } from "../support/interface-double.ts";
import { mappedSender, sendingDefaults } from "../support/mapped-sender.ts";
import { presetMap } from "../support/preset-map.ts";
import type { SinkAnswer, SinkRequest } from "../support/sink.ts";
import { describeAnswers } from "./answers.ts";
import type { AnswersOfKind } from "./answers.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

interface Own {
  readonly timeoutMs: number;
  readonly allowPrivate: boolean;
}

interface Case {
  readonly kind: DestinationKind;
  readonly method: string;
  readonly path: string;
  /** What is answered to everything else. */
  readonly others: readonly Route[];
  readonly answers: Record<Receiver, SinkAnswer>;
  readonly verdicts: Omit<AnswersOfKind, "start">;
  readonly open: (
    baseUrl: string,
    own: Own,
  ) => { destination: Parameters<typeof mappedSender>[0]; sender: Sender };
  readonly idOf: (request: SinkRequest) => string;
}

const usual = {
  fails_for_now: json(502, {}),
  wants_credentials: json(401, {}),
  hangs: { kind: "hang" },
  absent: { kind: "reset" },
} as const;

const verdicts = {
  multi_status: "indeterminate",
  error_inside: "indeterminate",
  duplicate_as_500: "transient",
  conflict: "rejected",
  empty_202: "indeterminate",
  page: "configuration",
  throttled: "throttled",
  plain_ok: "indeterminate",
} as const;

/** The suite's leads have a name alone. */
const idOfBody = ({ body }: SinkRequest): string =>
  `${(JSON.parse(body) as { readonly run: string }).run}:crm`;

const cases: readonly Case[] = [
  {
    kind: brevo,
    method: "POST",
    path: "/v3/contacts",
    others: [["GET", "/v3/contacts/attributes", json(200, { attributes: [] })]],
    answers: {
      ...usual,
      accepts: json(201, { id: 7 }),
      refuses_for_good: json(400, { code: "invalid_parameter" }),
    },
    verdicts: {
      success: { status: 201, body: '{"id":7}', verdict: "delivered" },
      bodyDecides: true,
      verdicts: {
        ...verdicts,
        conflict: [{ status: 400, body: '{"code":"duplicate_parameter"}' }, "known_person"],
      },
    },
    open(baseUrl, sent) {
      const map = { ...presetMap(brevoFields), email: { constant: "erika@example.com" } };
      const fitting = { email: map.email };
      const destination = {
        ...sendingDefaults,
        ...sent,
        kind: brevo.kind,
        token: "planted-brevo",
        listIds: [],
        map: fitting,
        baseUrl,
      };
      return { destination, sender: brevoTransport.open(destination, { nowMs: Date.now }) };
    },
    idOf: ({ body }) => `${(JSON.parse(body) as { readonly ext_id: string }).ext_id}:crm`,
  },
  {
    kind: mailchimp,
    method: "PUT",
    path: "/3.0/lists/a1b2/members/",
    others: [["GET", "/3.0/lists/a1b2/merge-fields", json(200, { merge_fields: [{ tag: "RUN" }] })]],
    answers: {
      ...usual,
      accepts: json(200, { id: "x" }),
      refuses_for_good: json(400, { title: "Invalid Resource" }),
    },
    verdicts: {
      success: { status: 200, body: '{"id":"x","web_id":9}', verdict: "delivered" },
      bodyDecides: true,
      verdicts: {
        ...verdicts,
        conflict: [{ status: 400, body: '{"title":"Member In Compliance State"}' }, "known_person"],
      },
    },
    open(baseUrl, sent) {
      const map = {
        email_address: { constant: "erika@example.com" },
        "merge_fields.RUN": "/run_id",
      };
      const destination = {
        ...sendingDefaults,
        ...sent,
        kind: mailchimp.kind,
        token: "planted0123-us6",
        audience: "a1b2",
        newStatus: "pending" as const,
        map,
        baseUrl,
      };
      return { destination, sender: mailchimpTransport.open(destination, { nowMs: Date.now }) };
    },
    idOf: ({ body }) =>
      `${(JSON.parse(body) as { readonly merge_fields: { readonly RUN: string } }).merge_fields.RUN}:crm`,
  },
  {
    kind: leadBuyer,
    method: "POST",
    path: "/flows/submit",
    others: [],
    answers: {
      ...usual,
      accepts: json(201, { outcome: "success", lead: { id: "5f1" } }),
      refuses_for_good: json(201, { outcome: "failure", reason: "not covered" }),
    },
    verdicts: {
      success: { status: 201, body: '{"outcome":"success","price":"1"}', verdict: "delivered" },
      bodyDecides: true,
      verdicts: {
        ...verdicts,
        error_inside: [{ status: 201, body: '{"outcome":"failure","reason":"not covered"}' }, "rejected"],
        conflict: [{ status: 201, body: '{"outcome":"failure","reason":"Duplicate"}' }, "known_person"],
      },
    },
    open(baseUrl, sent) {
      const preset = <Value>(field: { read(written: unknown, reading: never): Value }): Value =>
        field.read(undefined, {} as never);
      const destination = {
        ...sendingDefaults,
        ...sent,
        kind: leadBuyer.kind,
        url: `${baseUrl}/flows/submit`,
        content: "json" as const,
        map: { run: "/run_id" },
        headers: { "X-Key": "planted-header" },
        outcome: preset(leadBuyerFields.outcome),
        accepted: preset(leadBuyerFields.accepted),
        reason: preset(leadBuyerFields.reason),
        duplicateTerm: preset(leadBuyerFields.duplicateTerm),
        price: preset(leadBuyerFields.price),
        leadId: preset(leadBuyerFields.leadId),
      };
      return { destination, sender: leadBuyerTransport.open(destination, { nowMs: Date.now }) };
    },
    idOf: idOfBody,
  },
];

for (const { kind, method, path, others, answers, verdicts: stated, open, idOf } of cases) {
  describeDestinationKind(kind, async ({ receiver, timeoutMs, forbidden }) => {
    const double = await startInterface(...others, [method, path, answers[receiver]]);
    if (receiver === "absent") await double.sink.close();
    const { destination, sender } = open(double.baseUrl, { timeoutMs, allowPrivate: forbidden !== true });
    return {
      destination: destination as never,
      sender: mappedSender(destination, sender),
      received: () => double.sink.requests.filter((each) => each.method === method).map(idOf),
      stop: () => double.sink.close(),
    };
  });
  describeAnswers(kind, {
    ...stated,
    async start(answer, timeoutMs) {
      const double = await startInterface(...others, [method, path, answer]);
      const { destination, sender } = open(double.baseUrl, { timeoutMs, allowPrivate: true });
      return { sender: mappedSender(destination, sender), stop: () => double.sink.close() };
    },
  });
}
