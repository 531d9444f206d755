// The headers of a request as Node gives them: names in lower case, each byte of a value as one Latin-1 character.

/** A header that was sent several times, and could be mistaken for one with commas in it, is a list. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The first of several. */
export function singleHeader(value: RequestHeaders[string]): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}

/** Several values are joined as Node joins repeated headers; whoever expects one value then finds none it knows. */
export function headerValue(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "object" ? value.join(", ") : value;
}
