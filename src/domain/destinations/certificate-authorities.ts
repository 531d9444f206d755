// What a file with certificate authorities must be: certificates in PEM (RFC 7468 section 5), each of which can be read.
import { X509Certificate } from "node:crypto";

const fileMaxBytes = 1_024 * 1_024;

/** null: it holds certificates, each of which can be read. */
export function whyNoAuthorities(text: string): string | null {
  if (text.length > fileMaxBytes) return "is larger than 1 MB";
  const blocks = blocksOf(text);
  if (blocks.length === 0) return "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)";
  for (const block of blocks) {
    try {
      new X509Certificate(block);
    } catch {
      return "holds a certificate that cannot be read";
    }
  }
  return null;
}

/** From `-----BEGIN CERTIFICATE-----` to its end; what stands between blocks belongs to none. */
function blocksOf(text: string): string[] {
  return text.split(/(?=-----BEGIN )/).flatMap((part) => {
    const label = ["CERTIFICATE-----", "TRUSTED CERTIFICATE-----"].find((each) =>
      part.startsWith(`-----BEGIN ${each}`),
    );
    const end = label === undefined ? -1 : part.indexOf(`-----END ${label}`);
    return label === undefined || end < 0 ? [] : [part.slice(0, end + `-----END ${label}`.length)];
  });
}
