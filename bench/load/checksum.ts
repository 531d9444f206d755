// A checksum of a set of texts that JavaScript and SQL compute alike: the sum of 48 bits of each MD5.
import { hash } from "node:crypto";

export function checksum(texts: Iterable<string>): string {
  let sum = 0n;
  let part = 0;
  for (const text of texts) {
    // 2^48 added up a few times stays exact in a double, and is much faster than a bigint each time.
    part += Number.parseInt(hash("md5", text, "hex").slice(0, 12), 16);
    if (part > 2 ** 52) {
      sum += BigInt(part);
      part = 0;
    }
  }
  return String(sum + BigInt(part));
}

/** The same over the rows of a query; `text` is an SQL expression. */
export function checksumSql(text: string): string {
  return `coalesce(sum(('x' || substr(md5(${text}), 1, 12))::bit(48)::bigint), 0)::text`;
}
