// What a file with certificate authorities must be: certificates in PEM (RFC 7468 section 5), each of which can be read.
import { X509Certificate } from "node:crypto";

const fileMaxBytes = 1_024 * 1_024;

/** null: it holds certificates, each of which can be read. */
export function whyNoAuthorities(text: string): string | null {
  if (text.length > fileMaxBytes) return "is larger than 1 MB";
  const blocks = text.match(
    /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED )?CERTIFICATE-----/g,
  );
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
