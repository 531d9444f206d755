// A form that calls itself text/plain: what `navigator.sendBeacon` makes of a text, and what browsers make of
// `enctype="text/plain"`.

/**
 * The same fields as application/x-www-form-urlencoded, byte for byte, whatever charset they are in; null: it is no form
 * but a text.
 */
export function urlencodedOf(rawBody: Buffer): Buffer | null {
  const text = rawBody.toString("latin1");
  if (!/^[^\s=]{1,200}=/.test(text)) return null;
  // HTML, section 4.10.21.8: each field ends with a line break, the last one too, and nothing is encoded.
  if (!text.endsWith("\r\n")) return rawBody;
  const fields: [name: string, value: string][] = [];
  for (const line of text.slice(0, -2).split("\r\n")) {
    const [, name, value] = /^([^\s=]{1,200})=([^]*)$/.exec(line) ?? [];
    const last = fields.at(-1);
    if (name !== undefined && value !== undefined) fields.push([name, value]);
    else if (last !== undefined) last[1] += `\r\n${line}`;
  }
  return Buffer.from(fields.map((field) => field.map(escaped).join("=")).join("&"), "latin1");
}

function escaped(text: string): string {
  return text.replace(/[^\w.-]/g, (each) => `%${each.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
