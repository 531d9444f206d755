// What kind of body a request says it carries; whatever cannot be a lead is not even looked at.

export type BodyMediaType = "json" | "urlencoded" | "multipart" | "unsupported";

/** Reads a Content-Type (RFC 9110 section 8.3.1). Texts in another charset than UTF-8 are not supported. */
export function bodyMediaType(contentType: string | undefined): BodyMediaType {
  if (contentType === undefined) return "unsupported";
  if (contentType === "application/json") return "json";
  const type = /^[^;]*/.exec(contentType)?.[0].trim().toLowerCase() ?? "";
  // Its parts may have charsets of their own, and a charset of the whole means nothing (RFC 7578 section 4.5).
  if (type === "multipart/form-data") return "multipart";
  if (!isUtf8Charset(contentType)) return "unsupported";
  if (type === "application/x-www-form-urlencoded") return "urlencoded";
  return /^application\/(?:[!#$&^_.a-z0-9-]+\+)?json$/.test(type) ? "json" : "unsupported";
}

function isUtf8Charset(contentType: string): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}
