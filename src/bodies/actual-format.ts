// What a body is, whatever its Content-Type says: the default type of curl, PHP, Ruby, Java and WordPress is a form's,
// and JSON that was read as a form would be one field with a mangled name, its "+" and "&" destroyed.

export type ActualFormat =
  | { readonly kind: "json"; readonly body: Buffer }
  | { readonly kind: "multipart"; readonly boundary: string }
  /** XML or HTML. */
  | { readonly kind: "markup" };

/**
 * null: nothing that could be mistaken for something else. A body that begins as a JSON object is meant as one, even
 * when it is broken: no form begins with `{"name":`, because whatever writes forms encodes quotes.
 */
export function actualFormat(rawBody: Buffer): ActualFormat | null {
  const start = firstSignificant(rawBody);
  const byte = rawBody[start];
  // What forms begin with: a letter or an escape.
  if (byte === undefined || !maybeOther[byte]) return null;
  const head = rawBody.toString("latin1", start, start + headBytes);
  if (jsonBegins.test(head)) return { kind: "json", body: withoutEqualsSign(rawBody) };
  if (markupBegins.test(head)) return { kind: "markup" };
  const boundary = multipartBegins.exec(head)?.[1];
  if (boundary !== undefined) return { kind: "multipart", boundary };
  if (!/^[{["]/.test(head) && !jsonScalar.test(head)) return null;
  const body = withoutEqualsSign(rawBody);
  return isJson(body) ? { kind: "json", body } : null;
}

/**
 * JSON that was encoded as if it were the name, or the value without a name, of a form's only field: what
 * `new URLSearchParams(json)` and its like send. null: it is something else.
 */
export function jsonInForm(rawBody: Buffer): Buffer | null {
  if (!/^=?(?:%7b|\+*\{)/i.test(rawBody.toString("latin1", 0, headBytes))) return null;
  const [field, ...others] = new URLSearchParams(`&${rawBody.toString("utf8")}`);
  if (field === undefined || others.length > 0) return null;
  const [name, value] = field;
  if (name !== "" && value !== "") return null;
  const text = Buffer.from(name === "" ? value : name);
  return isJson(text) ? text : null;
}

/**
 * Whether it can be a form: "Please call me" has no value, and blanks that no form has. An empty one is a form without
 * fields.
 */
export function mayBeForm(rawBody: Buffer): boolean {
  if (rawBody.includes(equalsSign)) return true;
  const head = rawBody.toString("latin1", 0, headBytes);
  return /^[&\s]*$/.test(head) || (/[%&+]/.test(head) && !/\s/.test(head.trim()));
}

/** Behind a byte order mark and white space. */
function firstSignificant(bytes: Buffer): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && isBlank(bytes[at])) at += 1;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** `{"a":1}=`: what is left where the JSON text was sent as a field's name, but not encoded. */
function withoutEqualsSign(body: Buffer): Buffer {
  return body.at(-1) === equalsSign && isJson(body.subarray(0, -1)) ? body.subarray(0, -1) : body;
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString("utf8").replace(/^\uFEFF/, ""));
    return true;
  } catch {
    return false;
  }
}

const jsonBegins = /^(?:\[\s*)?\{\s*"(?:[^"\\]|\\.)*"\s*:/;
const markupBegins = /^<[!?a-z]/i;
const multipartBegins =
  /^--([0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-])\r\ncontent-disposition\s*:\s*form-data/i;
const headBytes = 1_024;
const equalsSign = 0x3d;

const jsonScalar = /^(?:true|false|null|-?[0-9][0-9.eE+-]*)\s*$/;

/** By first byte: an object, a list, a text, a number, true, false, null; a tag; a boundary. */
const maybeOther: readonly boolean[] = Array.from({ length: 256 }, (_, byte) =>
  '{["-<0123456789tfn'.includes(String.fromCharCode(byte)),
);
