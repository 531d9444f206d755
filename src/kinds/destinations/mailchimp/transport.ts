// Delivers leads to a destination of kind `mailchimp`: one PUT at the address's hash, which is the same however often it is
// sent. `status` is never sent: it would subscribe people again who have unsubscribed.
import { createHash } from "node:crypto";
import { pathUnder } from "../../../config/fields/service-url.ts";
import { failure } from "../../../domain/destinations/outcome.ts";
import type { Delivered, Failed, Outcome } from "../../../domain/destinations/outcome.ts";
import { scalarText } from "../../../domain/values/comparison.ts";
import { writeExactly } from "../../../domain/values/exact-json.ts";
import { valueAtPointer } from "../../../domain/values/json-pointer.ts";
import type { HttpRequest } from "../../../outgoing/http-client.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { dialogueSender, fieldsFrom, jsonRequest } from "../dialogue.ts";
import type { Ask, Reply } from "../dialogue.ts";
import { showQuestion } from "../dialogue-preview.ts";
import type { DeliveryMessage, FieldCreated, NewRemoteField, Sender, ShownRequest } from "../sender.ts";
import { recordOf, textIn, without } from "../written-record.ts";
import { createdAnswers, fieldsAnswers, memberAnswers } from "./answers.ts";
import { dataCenterOf } from "./fields.ts";
import type { MailchimpDestination } from "./fields.ts";
import { mailchimpTypes, mergeField, mergeFields } from "./merge-fields.ts";

/** An audience has at most 80 of them. */
const mergeFieldsMax = 100;

export function open(destination: MailchimpDestination, deps: SenderDeps): Sender {
  const proof = Buffer.from(`leadledger:${destination.token}`).toString("base64");
  return dialogueSender(destination, deps, {
    origin: new URL(baseUrlOf(destination)),
    prove: () => ({ authorization: `Basic ${proof}` }),
    deliver: (message, ask) => deliver(destination, message, ask),
    fields: async (ask) => fieldsFrom(await askFields(destination, ask), mergeFields),
    createField: (wanted, ask) => createField(destination, wanted, ask),
  });
}

export function preview(destination: MailchimpDestination, message: DeliveryMessage): ShownRequest {
  const email = textIn(recordOf(message), "email_address") ?? "";
  return showQuestion(
    new URL(baseUrlOf(destination)),
    memberRequest(destination, message, email),
    (proof) => ({ authorization: `Basic ${proof ?? ""}` }),
  );
}

async function deliver(
  destination: MailchimpDestination,
  message: DeliveryMessage,
  ask: Ask,
): Promise<Outcome> {
  const email = textIn(recordOf(message), "email_address");
  if (email === null) return withoutAddress(destination);
  const reply = await ask({
    request: memberRequest(destination, message, email),
    answers: memberAnswers(pageOf(destination)),
    isHandover: true,
  });
  if (reply.kind === "failed") return reply.outcome;
  return reply.status === 400 ? forced(reply, email) : withSubscription(reply.outcome, reply);
}

function withoutAddress({ name }: MailchimpDestination): Failed {
  return failure(
    "required_field_missing",
    `${name} knows people by their e-mail address alone, and this lead has none: nothing was sent`,
  );
}

/** The rule's receipt would call it the same delivery on a repeat, which it is not. */
function forced({ json, status }: Reply, email: string): Delivered {
  const title = scalarText(valueAtPointer(json, "/title")) ?? "known";
  return {
    kind: "delivered",
    httpStatus: status,
    receipt: {
      remoteId: hashOf(email),
      duplicate: "known_person",
      warning: `Mailchimp keeps this person as unsubscribed, bounced or deleted (${title}), and takes nothing for them`,
    },
  };
}

function withSubscription(outcome: Delivered, { json }: Reply): Delivered {
  const status = scalarText(valueAtPointer(json, "/status"));
  if (status !== "unsubscribed" && status !== "cleaned") return outcome;
  const warning = `the contact was updated, and gets no mail: it is ${status} there`;
  return { ...outcome, receipt: { ...outcome.receipt, warning } };
}

function memberRequest(
  destination: MailchimpDestination,
  message: DeliveryMessage,
  email: string,
): HttpRequest {
  const body = {
    ...without(recordOf(message), "status"),
    email_address: email,
    status_if_new: destination.newStatus,
  };
  return requestTo(destination, "PUT", `/members/${hashOf(email)}`, body);
}

/** Mailchimp's own id of a member: no secret, and no protection either. */
function hashOf(email: string): string {
  return createHash("md5").update(email.trim().toLowerCase()).digest("hex");
}

function askFields(destination: MailchimpDestination, ask: Ask): Promise<Reply> {
  const request = requestTo(destination, "GET", `/merge-fields?count=${mergeFieldsMax}`);
  return ask({ request, answers: fieldsAnswers, isLong: true });
}

async function createField(
  destination: MailchimpDestination,
  { label, type }: NewRemoteField,
  ask: Ask,
): Promise<FieldCreated> {
  const body = { name: label, type: mailchimpTypes[type] };
  const request = requestTo(destination, "POST", "/merge-fields", body);
  const reply = await ask({ request, answers: createdAnswers });
  if (reply.kind === "failed") return { kind: "not_created", outcome: reply.outcome };
  const field = mergeField(reply.json);
  if (field !== null) return { kind: "created", field };
  return {
    kind: "not_created",
    outcome: failure("destination_bad_response", `${destination.name} did not say which field it made`),
  };
}

function requestTo(
  destination: MailchimpDestination,
  method: string,
  path: string,
  body?: object,
): HttpRequest {
  const list = `/3.0/lists/${encodeURIComponent(destination.audience)}`;
  return jsonRequest(
    method,
    pathUnder(baseUrlOf(destination), list + path),
    body === undefined ? undefined : writeExactly(body),
  );
}

/** Of a member (unsure). */
function pageOf({ token }: MailchimpDestination): string {
  return `https://${dataCenterOf(token) ?? "us1"}.admin.mailchimp.com/lists/members/view?id={/web_id}`;
}

function baseUrlOf({ baseUrl, token }: MailchimpDestination): string {
  return baseUrl ?? `https://${dataCenterOf(token) ?? "us1"}.api.mailchimp.com`;
}
