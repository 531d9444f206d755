// What kind of body a request says it carries.

export type BodyMediaType = "json" | "urlencoded" | "multipart" | "unsupported";

/**
 * Reads a Content-Type (RFC 9110 section 8.3.1). JSON is whatever WHATWG MIME Sniffing (section 4.6) calls a JSON MIME
 * type. Texts in another charset than UTF-8 and its part US-ASCII are "unsupported".
 */
export function bodyMediaType(contentType: string | undefined): BodyMediaType {
  if (contentType === undefined) return "unsupported";
  if (contentType === "application/json") return "json";
  const type = /^[^;]*/.exec(contentType)?.[0].trim().toLowerCase() ?? "";
  // Its parts may have charsets of their own, and a charset of the whole means nothing (RFC 7578 section 4.5).
  if (type === "multipart/form-data") return "multipart";
  if (!isUtf8Charset(contentType)) return "unsupported";
  if (type === "application/x-www-form-urlencoded") return "urlencoded";
  return jsonTypes.test(type) ? "json" : "unsupported";
}

const jsonTypes = /^(?:application\/json|text\/json|[!#$&^_.a-z0-9-]+\/[!#$&^_.a-z0-9-]+\+json)$/;

function isUtf8Charset(contentType: string): boolean {
  const charset = /;\s*charset\s*=\s*["']?([^"';\s]*)/i.exec(contentType)?.[1];
  return charset === undefined || /^(?:utf-?8|us-ascii|ascii)?$/i.test(charset);
}
