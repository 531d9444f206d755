// What kind of body a request says it carries.

export type BodyMediaType = "json" | "urlencoded" | "multipart" | "unsupported";

/**
 * Reads a Content-Type (RFC 9110 section 8.3.1). JSON is whatever WHATWG MIME Sniffing (section 4.6) calls a JSON MIME
 * type. In which charset it is says `declaredCharset`.
 */
export function bodyMediaType(contentType: string | undefined): BodyMediaType {
  if (contentType === undefined) return "unsupported";
  if (contentType === "application/json") return "json";
  const type = /^[^;]*/.exec(contentType)?.[0].trim().toLowerCase() ?? "";
  if (type === "multipart/form-data") return "multipart";
  if (type === "application/x-www-form-urlencoded") return "urlencoded";
  return jsonTypes.test(type) ? "json" : "unsupported";
}

const jsonTypes = /^(?:application\/json|text\/json|[!#$&^_.a-z0-9-]+\/[!#$&^_.a-z0-9-]+\+json)$/;
