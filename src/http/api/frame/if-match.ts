// If-Match (RFC 9110 section 13.1.1): a change is made to what its author has seen, or not at all.

/** Without the header whatever is there may be changed. `etag`: without quotes. */
export function fitsIfMatch(ifMatch: string | null, etag: string): boolean {
  if (ifMatch === null || ifMatch.trim() === "*") return true;
  return ifMatch.split(",").some((each) => each.trim() === `"${etag}"`);
}
