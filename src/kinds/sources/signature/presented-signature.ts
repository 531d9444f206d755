// What the header of a signature holds: the signatures it presents, and the time where that stands beside them.
import { listNames } from "./scheme.ts";

export interface PresentedSignature {
  /** As they are written, without what stands around them; empty: none was found. */
  readonly signatures: readonly string[];
  /** null: there is none in this header. */
  readonly timestamp: string | null;
}

export type ReadSignatureHeader = (value: string) => PresentedSignature;

/** Of a format that `formatProblem` has nothing against; upper and lower case of what stands around are the same. */
export function signatureHeaderReader(format: string): ReadSignatureHeader {
  const names = listNames(format);
  if (names !== null) return (value) => listIn(value, names);
  const [before = "", after = ""] = format.split("{signature}").map((around) => around.toLowerCase());
  const bare = (text: string): readonly string[] => {
    const end = text.length - after.length;
    return end >= before.length &&
      text.slice(0, before.length).toLowerCase() === before &&
      text.slice(end).toLowerCase() === after
      ? [text.slice(before.length, end)]
      : [];
  };
  // A header that came twice is joined by a comma, and nobody knows which one was meant.
  const isJoined = (value: string): boolean => value.includes(",") && !before.includes(",");
  return (value) => ({
    signatures: !value.includes(" ") ? bare(value) : isJoined(value) ? [] : value.split(" ").flatMap(bare),
    timestamp: null,
  });
}

function listIn(
  value: string,
  names: { readonly timestamp: string; readonly signature: string },
): PresentedSignature {
  const items = value.split(",").map((item): readonly [string, string] => {
    const at = item.indexOf("=");
    return [item.slice(0, Math.max(at, 0)).trim(), item.slice(at + 1).trim()];
  });
  return {
    signatures: items.filter(([name]) => name === names.signature).map(([, signature]) => signature),
    timestamp: items.find(([name]) => name === names.timestamp)?.[1] ?? null,
  };
}
