// JSON from a template into which somebody's text was inserted unescaped: line breaks and tabs within texts are escaped, as
// their author meant them. A quotation mark cannot be told from the end of the text, and stays.

export function withEscapedLines(rawBody: Buffer): Buffer {
  let isInText = false;
  let isEscaped = false;
  const text = rawBody.toString("latin1");
  let written = "";
  for (const character of text) {
    const escape = isInText && !isEscaped ? escapes[character] : undefined;
    written += escape ?? character;
    if (isEscaped) isEscaped = false;
    else if (character === "\\") isEscaped = isInText;
    else if (character === '"') isInText = !isInText;
  }
  return Buffer.from(written, "latin1");
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
