// A kind of source for tests, as a system would be that LeadLedger knows: requests signed in a way of its own, several
// messages in each, ids beyond 2^53, its own word for success, and a handshake.
import { createHmac, timingSafeEqual } from "node:crypto";
import { isLosslessNumber, parse } from "lossless-json";
import { readJsonBody } from "../../src/bodies/json-body.ts";
import { readJsonList } from "../../src/bodies/json-list.ts";
import { credentials } from "../../src/config/fields/credentials.ts";
import { choice } from "../../src/config/fields/plain-fields.ts";
import { headerValue } from "../../src/domain/sources/request-headers.ts";
import { validSecrets } from "../../src/domain/sources/source.ts";
import { authenticated, notAuthenticated, sourceKind } from "../../src/kinds/sources/source-kind.ts";
import type { Authentication, SourceLead } from "../../src/kinds/sources/source-kind.ts";

const toleranceMs = 300_000;

export const portal = sourceKind({
  kind: "portal",
  setUp: [
    {
      id: "portal",
      tile: {
        id: "portal",
        rank: 500,
        label: { en: "Portal", de: "Portal" },
        help: { en: "A portal of estate agents", de: "Ein Immobilienportal" },
      },
      label: { en: "Portal", de: "Portal" },
      about: { en: "Messages of a minute together.", de: "Nachrichten einer Minute gemeinsam." },
      steps: [{ en: "Enter {address} there.", de: "Tragen Sie dort {address} ein." }],
      comesFromInternet: true,
    },
  ],
  label: { en: "Portal", de: "Portal" },
  help: {
    en: "A portal that sends the messages of a minute together.",
    de: "Ein Portal, das die Nachrichten einer Minute gemeinsam sendet.",
  },
  place: "top",
  fields: {
    secrets: credentials({
      format: "secret",
      one: {
        label: { en: "App secret", de: "App-Geheimnis" },
        help: { en: "It stands in the portal's settings.", de: "Es steht in den Einstellungen des Portals." },
      },
      several: {
        label: { en: "Several app secrets", de: "Mehrere App-Geheimnisse" },
        help: { en: "While one is replaced.", de: "Solange eines ausgetauscht wird." },
        advanced: true,
      },
    }),
    region: choice("region", {
      label: { en: "Country", de: "Land" },
      help: { en: "Where the portal is.", de: "Wo das Portal ist." },
      options: ["DE", "AT"].map((value) => ({
        value,
        label: { en: value, de: value },
        help: { en: value, de: value },
      })),
      preset: "DE",
    }),
  },
  example: "kind: portal",
  proof: "own",
  signsBody: true,
  authenticate: ({ secrets }, { headers, rawBody }, nowMs) => {
    const signature = headerValue(headers, "x-portal-sign");
    if (signature === undefined) return refused("credentials_missing");
    const [, seconds = "", hex = ""] = /^t=([0-9]{1,11}),v=([0-9a-f]{64})$/.exec(signature) ?? [];
    if (seconds === "") return refused("credentials_wrong");
    if (Math.abs(nowMs - Number(seconds) * 1_000) > toleranceMs) return refused("timestamp_stale");
    const isSigned = validSecrets(secrets, nowMs).some(({ value }) =>
      timingSafeEqual(Buffer.from(hex), Buffer.from(signed(value, seconds, rawBody))),
    );
    return isSigned ? authenticated : refused("credentials_wrong");
  },
  read: (_auth, { rawBody }) => {
    const messages = readJsonList(rawBody, "messages");
    return "code" in messages ? messages : { kind: "leads", leads: messages.map(leadIn) };
  },
  answer: (_auth, { outcome }) =>
    outcome === "taken" || outcome === "duplicate" ? { status: 200, body: "EVENT_RECEIVED" } : null,
  handshake: (_auth, { target }) => {
    const challenge = new URL(target, "http://any").searchParams.get("challenge");
    return challenge === null ? null : { status: 200, body: challenge };
  },
});

export function portalHeaders(secret: string, body: Buffer, atMs: number): Record<string, string> {
  const seconds = String(Math.floor(atMs / 1_000));
  return { "x-portal-sign": `t=${seconds},v=${signed(secret, seconds, body)}` };
}

function signed(secret: string, seconds: string, body: Buffer): string {
  return createHmac("sha256", secret).update(`${seconds}.`).update(body).digest("hex");
}

function leadIn(bytes: Buffer): SourceLead {
  const { id } = parse(bytes.toString()) as { readonly id?: unknown };
  const key = isLosslessNumber(id) ? id.value : typeof id === "string" ? id : null;
  return { body: readJsonBody(bytes), bytes, key };
}

function refused(code: "credentials_missing" | "credentials_wrong" | "timestamp_stale"): Authentication {
  return notAuthenticated(code, { en: "Looked for: X-Portal-Sign.", de: "Gesucht: X-Portal-Sign." });
}
