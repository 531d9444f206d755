// LEADLEDGER_ADMIN_KEY: an API key with the role admin that is valid as long as it is set.
import { createHash, timingSafeEqual } from "node:crypto";
import type { Identified } from "../frame/principal.ts";

/** What stands behind `Bearer ` (RFC 6750 section 2.1); null: no such header. */
export function bearerToken(authorization: string | undefined): string | null {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? null;
}

export function isAdminKey(token: string, adminKey: string | null): boolean {
  return adminKey !== null && timingSafeEqual(digest(token), digest(adminKey));
}

export const adminKeyPrincipal: Extract<Identified, { kind: "known" }> = {
  kind: "known",
  principal: { actor: "key:environment", role: "admin", clients: null, by: "key", userId: null },
};

/** Comparing digests tells nothing of the length either. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
