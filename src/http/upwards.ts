// How a page finds the others when it does not know what a proxy has put before its path.

/** From this path to the one that all others are below, as a relative reference (RFC 3986 section 4.2). */
export function upwards(url: string): string {
  const path = url.split("?")[0] ?? "";
  return "../".repeat(Math.max(0, path.split("/").length - 2)) || "./";
}
