// An address as people may see it: whoever knows one that holds a key or a token may use it.

/** Stands for what is not shown. */
export const masked = "***";

/** Of an address or a path: neither its query nor who signs in, and of its path nothing that looks like a token. */
export function shownAddress(address: string): string {
  const end = address.search(/[?#]/);
  const place = end === -1 ? address : address.slice(0, end);
  const server = /^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/]*/i.exec(place)?.[0] ?? "";
  const shown = `${withoutUser(server)}${shownPath(place.slice(server.length))}`;
  return end === -1 ? shown : `${shown}${address.charAt(end)}${masked}`;
}

export function shownPath(path: string): string {
  return path
    .split("/")
    .map((segment) => (looksLikeToken(segment) ? masked : segment))
    .join("/");
}

/** Long, and no word: it has a digit, or both cases in it. */
export function looksLikeToken(segment: string): boolean {
  return segment.length >= 16 && (/\d/.test(segment) || (/[a-z]/.test(segment) && /[A-Z]/.test(segment)));
}

function withoutUser(server: string): string {
  const at = server.lastIndexOf("@");
  return at === -1 ? server : `${server.slice(0, server.indexOf("//") + 2)}${server.slice(at + 1)}`;
}
