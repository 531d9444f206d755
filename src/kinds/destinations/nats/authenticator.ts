// How we prove to a NATS server who we are: by what was given, in the form that it was given in.
import {
  jwtAuthenticator,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from "@nats-io/transport-node";
import type { Authenticator } from "@nats-io/transport-node";
import { connectionParts } from "../../../config/fields/connection-url.ts";
import { natsPort } from "./fields.ts";
import type { NatsDestination } from "./fields.ts";

/** undefined: the server lets anyone in, or knows us by our address. */
export function authenticatorOf(destination: NatsDestination): Authenticator | undefined {
  const inUrl = connectionParts(destination.url, () => natsPort);
  const user = destination.user ?? inUrl.user;
  const password = destination.password ?? inUrl.password;
  const { credentials } = destination;
  // `nats://token@host`, as all clients of NATS read it.
  if (user !== null)
    return password === null ? tokenAuthenticator(user) : usernamePasswordAuthenticator(user, password);
  if (credentials === null) return undefined;
  const seed = /S[UAO][A-Z2-7]{56}/.exec(credentials)?.[0];
  const jwt = jwtIn(credentials);
  if (seed === undefined) return tokenAuthenticator(credentials);
  const seedBytes = new TextEncoder().encode(seed);
  return jwt === null ? nkeyAuthenticator(seedBytes) : jwtAuthenticator(jwt, seedBytes);
}

/** Of an Ed25519 signature (RFC 8032) in base64url. In a text that has lost its line breaks dashes stand right behind it. */
const signatureLength = 86;

/** The token of a .creds file (RFC 7519: header, claims, signature); null: there is none. */
function jwtIn(text: string): string | null {
  const [before = "", claims = "", behind = ""] = text.split(".", 3);
  const start = before.indexOf("eyJ");
  const parts = [start === -1 ? "" : before.slice(start), claims, behind.slice(0, signatureLength)];
  return parts.every((part) => /^[\w-]+$/.test(part)) ? parts.join(".") : null;
}
