// Requests as the senders that we know make them: bodies in their shapes, signed by programs other than ours.
import { createHash } from "node:crypto";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { opensslHmac, phpHmac } from "./signed-elsewhere.ts";

export interface Proving {
  readonly secret: string;
  readonly body: Buffer;
  readonly atMs: number;
  /** The whole address. */
  readonly url: string;
  /** Where so many are signed that no program can be started for each; absent: by openssl or PHP. */
  readonly hmac?: Hmac;
}

type Hmac = (secret: string, signed: Buffer, encoding: "hex" | "base64") => string;

export type Headers = Readonly<Record<string, string>>;

export function whsecOf(secret: string): string {
  return `whsec_${Buffer.from(secret).toString("base64")}`;
}

export function standardHeaders({ secret, body, atMs }: Proving): Headers {
  const id = `msg_${createHash("sha256").update(body).digest("hex").slice(0, 20)}`;
  const at = new Date(atMs);
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(atMs / 1_000)),
    "webhook-signature": new StandardWebhook(secret).sign(id, at, body.toString()),
  };
}

export function svixHeaders({ secret, body, atMs }: Proving): Headers {
  const id = `msg_${createHash("sha256").update(body).digest("hex").slice(0, 20)}`;
  return {
    "svix-id": id,
    "svix-timestamp": String(Math.floor(atMs / 1_000)),
    "svix-signature": `v1,AAAA ${new SvixWebhook(secret).sign(id, new Date(atMs), body.toString())}`,
  };
}

export function metaHeaders({ secret, body, hmac = opensslHmac }: Proving): Headers {
  return { "x-hub-signature-256": `sha256=${hmac(secret, body, "hex")}` };
}

export function linkedinHeaders({ secret, body, hmac = phpHmac }: Proving): Headers {
  return { "x-li-signature": hmac(secret, Buffer.concat([Buffer.from("hmacsha256="), body]), "hex") };
}

export function typeformHeaders({ secret, body, hmac = phpHmac }: Proving): Headers {
  return { "typeform-signature": `sha256=${hmac(secret, body, "base64")}` };
}

export function hubspotHeaders({ secret, body, atMs, url, hmac = phpHmac }: Proving): Headers {
  const signed = Buffer.concat([Buffer.from(`POST${url}`), body, Buffer.from(String(atMs))]);
  return {
    "x-hubspot-signature-v3": hmac(secret, signed, "base64"),
    "x-hubspot-request-timestamp": String(atMs),
  };
}

export function webflowHeaders({ secret, body, atMs, hmac = opensslHmac }: Proving): Headers {
  const signed = Buffer.concat([Buffer.from(`${atMs}:`), body]);
  return { "x-webflow-timestamp": String(atMs), "x-webflow-signature": hmac(secret, signed, "hex") };
}

export function calendlyHeaders({ secret, body, atMs, hmac = opensslHmac }: Proving): Headers {
  const seconds = String(Math.floor(atMs / 1_000));
  const signed = Buffer.concat([Buffer.from(`${seconds}.`), body]);
  return { "calendly-webhook-signature": `t=${seconds},v1=${hmac(secret, signed, "hex")}` };
}

export function tallyHeaders({ secret, body, hmac = opensslHmac }: Proving): Headers {
  return { "tally-signature": hmac(secret, body, "base64") };
}

/** Notifications with these values, all of one page. */
export function metaBody(values: readonly string[], more = ""): string {
  const changes = values.map((value) => `{"field":"leadgen","value":${value}}`).join(",");
  return `{"object":"page","entry":[{"id":"153125381133","time":1438292065,"changes":[${changes}${more}]}]}`;
}
