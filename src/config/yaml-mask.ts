// Hides the braces of `${NAME}` from the YAML parser, which takes them for a mapping inside `{ … }`.

// Unicode sets these two aside for use inside a program: they are never characters of a text.
const open = "\uFDD0";
const close = "\uFDD1";

/** The same text with the same length, so that positions stay right. */
export function maskReferences(text: string): string {
  return text.replaceAll(/\$\{([^{}\s"',[\]]*)\}/g, `$$${open}$1${close}`);
}

export function unmaskReferences(masked: string): string {
  return masked.replaceAll(open, "{").replaceAll(close, "}");
}

/** Offset of the first of the two characters, or of a control character that no YAML text has; null if none. */
export function forbiddenCharacterAt(text: string): number | null {
  const at = text.search(/[\uFDD0\uFDD1\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/);
  return at === -1 ? null : at;
}
