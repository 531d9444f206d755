// The key of a Google service account, as Google gives it for download: a JSON file.
import { createPrivateKey } from "node:crypto";
import type { KeyObject } from "node:crypto";

export interface ServiceAccount {
  /** Whom a spreadsheet is shared with. */
  readonly email: string;
  readonly keyId: string | null;
  readonly privateKey: KeyObject;
  readonly tokenUrl: string;
}

const usualTokenUrl = "https://oauth2.googleapis.com/token";

/** null: it is no such key. */
export function readServiceAccount(json: string): ServiceAccount | null {
  try {
    const {
      client_email: email,
      private_key: pem,
      private_key_id: keyId,
      token_uri: tokenUrl = usualTokenUrl,
    } = JSON.parse(json) as Readonly<Record<string, unknown>>;
    if (typeof email !== "string" || typeof pem !== "string" || !isWebAddress(tokenUrl)) return null;
    const privateKey = createPrivateKey(pem);
    if (privateKey.asymmetricKeyType !== "rsa") return null;
    return { email, keyId: typeof keyId === "string" ? keyId : null, privateKey, tokenUrl };
  } catch {
    return null;
  }
}

function isWebAddress(address: unknown): address is string {
  return typeof address === "string" && /^https?:\/\//.test(address) && URL.canParse(address);
}
