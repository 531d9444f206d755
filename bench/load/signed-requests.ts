// Requests as bytes, ready to be written to a socket: signed like those of a source with HMAC (docs/contract.md,
// Credentials).
import { createHmac } from "node:crypto";
import { kindRequest } from "./kind-requests.ts";
import { leadBody } from "./lead.ts";

export const sourceName = "website";
export const sourceSecret = "bench-source-secret-0123456789abcdef";

export interface RequestPlan {
  readonly port: number;
  /** Two plans with the same prefix send the same keys. */
  readonly keyPrefix: string;
  /** As senders of this name make them (kind-requests.ts), whose success has many forms; absent: as below. */
  readonly sender?: string;
  /** Of `sender`'s leads; those before it have been sent. Absent: 0. */
  readonly firstNumber?: number;
}

export function keyOf({ keyPrefix }: RequestPlan, number: number): string {
  return `${keyPrefix}-${number}`;
}

/** The signature is good for 300 s from now on. */
export function leadRequest(plan: RequestPlan, number: number): Buffer {
  if (plan.sender !== undefined) return kindRequest(plan.sender, plan.port, (plan.firstNumber ?? 0) + number);
  const key = keyOf(plan, number);
  const body = leadBody(number, key);
  const timestamp = Math.floor(Date.now() / 1_000);
  const signature = createHmac("sha256", sourceSecret).update(`${timestamp}.`).update(body).digest("hex");
  return Buffer.from(
    `POST /webhook/lead/${sourceName} HTTP/1.1\r\nHost: 127.0.0.1:${plan.port}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Idempotency-Key: ${key}\r\nX-Timestamp: ${timestamp}\r\nX-Signature: sha256=${signature}\r\n\r\n${body}`,
  );
}

export function healthRequest({ port }: RequestPlan): Buffer {
  return Buffer.from(`GET /health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
}
