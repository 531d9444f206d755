// The certificate authorities that a destination names in a file of its own, read anew for each connection, so that a
// renewed file needs no restart.
import { readFile } from "node:fs/promises";
import { whyNoAuthorities } from "../domain/destinations/certificate-authorities.ts";
import { ConnectError } from "./connect-error.ts";

/** PEM. Throws {@link ConnectError}, in words, when the file is missing, unreadable or holds no certificate. */
export async function readAuthorities(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, "latin1");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw unusable(
      path,
      code === "ENOENT" || code === "ENOTDIR" ? "does not exist" : `cannot be read (${code})`,
    );
  }
  const why = whyNoAuthorities(text);
  if (why !== null) throw unusable(path, why);
  return text;
}

function unusable(path: string, why: string): ConnectError {
  return new ConnectError("destination_tls", `ca_file ${path} ${why}`);
}
