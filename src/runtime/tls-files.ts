// The certificate and key files that the server speaks TLS with: read, checked against each other, and read again when
// they were renewed.
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";

export interface TlsPaths {
  /** PEM; the server's certificate first, then those between it and the root. */
  readonly certPath: string;
  /** PEM, without a passphrase. */
  readonly keyPath: string;
}

export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Of the certificate. One that has expired is served all the same: a sender that does not look is better than none. */
  readonly expiresAt: Date;
}

export type TlsTrouble =
  "tls_file_unreadable" | "tls_certificate_malformed" | "tls_key_malformed" | "tls_key_differs";

/** Names the file, never what is in it. */
export class TlsError extends Error {
  readonly code: TlsTrouble;

  constructor(code: TlsTrouble, message: string) {
    super(message);
    this.name = "TlsError";
    this.code = code;
  }
}

async function readTlsFiles({ certPath, keyPath }: TlsPaths): Promise<TlsFiles> {
  const [cert, key] = [await read(certPath), await read(keyPath)];
  const certificate = parseCertificate(cert, certPath);
  if (!certificate.checkPrivateKey(parseKey(key, keyPath))) {
    throw new TlsError("tls_key_differs", `${keyPath} is not the key of the certificate in ${certPath}`);
  }
  return { cert, key, expiresAt: new Date(certificate.validTo) };
}

export interface FollowedTlsFiles {
  /** What is served. */
  readonly current: TlsFiles;
  /** Reads them again and has them used if they have changed. Throws TlsError, or what `use` throws, until they can be. */
  follow(use: (found: TlsFiles) => void): Promise<void>;
}

/** Throws TlsError where nobody could be served with them. */
export async function followTlsFiles(paths: TlsPaths): Promise<FollowedTlsFiles> {
  let current = await readTlsFiles(paths);
  return {
    get current() {
      return current;
    },
    async follow(use) {
      const found = await readTlsFiles(paths);
      if (current.cert.equals(found.cert) && current.key.equals(found.key)) return;
      use(found);
      current = found;
    },
  };
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "";
    throw new TlsError("tls_file_unreadable", `${path} cannot be read (${reason})`);
  }
}

function parseCertificate(pem: Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new TlsError("tls_certificate_malformed", `${path} holds no certificate in PEM format`);
  }
}

function parseKey(pem: Buffer, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new TlsError(
      "tls_key_malformed",
      `${path} holds no private key in PEM format, or one with a passphrase`,
    );
  }
}
