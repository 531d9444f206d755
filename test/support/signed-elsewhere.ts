// Signatures for tests that nothing of ours has made: by openssl and by PHP's hash_hmac where they are installed, else by
// node's own Hmac.
import { execFileSync, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";

type Encoding = "hex" | "base64";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const hasPhp = spawnSync("php", ["-r", "exit(function_exists('hash_hmac') ? 0 : 1);"]).status === 0;

export function opensslHmac(
  secret: string,
  signed: Buffer,
  encoding: Encoding,
  algorithm = "sha256",
): string {
  if (!hasOpenssl) return nodeHmac(secret, signed, encoding, algorithm);
  const digest = execFileSync("openssl", ["dgst", `-${algorithm}`, "-hmac", secret, "-binary"], {
    input: signed,
  });
  return digest.toString(encoding);
}

export function phpHmac(secret: string, signed: Buffer, encoding: Encoding, algorithm = "sha256"): string {
  if (!hasPhp) return nodeHmac(secret, signed, encoding, algorithm);
  const code = "echo hash_hmac($argv[1], file_get_contents('php://stdin'), $argv[2]);";
  const hex = execFileSync("php", ["-r", code, algorithm, secret], { input: signed }).toString();
  return Buffer.from(hex, "hex").toString(encoding);
}

function nodeHmac(secret: string, signed: Buffer, encoding: Encoding, algorithm: string): string {
  return createHmac(algorithm, secret).update(signed).digest(encoding);
}
