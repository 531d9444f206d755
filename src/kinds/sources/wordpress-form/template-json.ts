// JSON from a template into which somebody's text was inserted unescaped: line breaks, tabs and quotation marks within texts
// are escaped, as their author meant them. It is a guess, made only of what is no JSON; the bytes are kept beside it.

/** A quotation mark ends a text where JSON goes on behind it: `","`, `": `, `"}`. Elsewhere somebody wrote it. */
export function withEscapedText(rawBody: Buffer): Buffer {
  const text = rawBody.toString("latin1");
  let isInText = false;
  let written = "";
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (!isInText || character === '"') {
      const isQuoted = isInText && !endsText(text, at + 1);
      if (character === '"' && !isQuoted) isInText = !isInText;
      written += isQuoted ? '\\"' : character;
    } else if (character === "\\") {
      const isEscape = /^["\\/bfnrtu]$/.test(text.charAt(at + 1));
      written += isEscape ? character + text.charAt(at + 1) : "\\\\";
      if (isEscape) at += 1;
    } else written += escapes[character] ?? character;
  }
  return Buffer.from(written, "latin1");
}

/** `from`: behind the mark. */
function endsText(text: string, from: number): boolean {
  structure.lastIndex = from;
  return structure.test(text);
}

/** Behind a comma another text, a list or an object begins. */
const structure = /\s*(?:[}\]]\s*(?:[,}\]]|$)|:\s*(?:["[{\d-]|true|false|null)|,\s*["[{]|$)/y;

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
