// The certificate authorities that a destination names in a file of its own, read anew for each connection, so that a
// renewed file needs no restart.
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ConnectError } from "./connect-error.ts";

const fileMaxBytes = 1_024 * 1_024;

/** PEM. Throws {@link ConnectError}, in words, when the file is missing, unreadable or holds no certificate. */
export async function readAuthorities(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, "latin1");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw unusable(path, code === "ENOENT" || code === "ENOTDIR" ? "does not exist" : `cannot be read (${code})`);
  }
  const why = whyNoAuthorities(text);
  if (why !== null) throw unusable(path, why);
  return text;
}

/** null: it holds certificates, each of which can be read. */
export function whyNoAuthorities(text: string): string | null {
  if (text.length > fileMaxBytes) return "is larger than 1 MB";
  const blocks = text.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED )?CERTIFICATE-----/g);
  if (blocks === null) return "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)";
  for (const block of blocks) {
    try {
      new X509Certificate(block);
    } catch {
      return "holds a certificate that cannot be read";
    }
  }
  return null;
}

function unusable(path: string, why: string): ConnectError {
  return new ConnectError("destination_tls", `ca_file ${path} ${why}`);
}
