// E-mail addresses and telephone numbers as they are copied: from a phone's contacts, a mail's header, a web page. What
// surrounds the address and cannot be seen is taken away.

/** `Anna <mailto:anna@example.com?subject=x>` is `anna@example.com`. */
export function copiedEmail(raw: string): string {
  const text = visible(raw).replaceAll("＠", "@");
  const inBrackets = /<([^<>@]{1,80}@[^<>@]{1,260})>/.exec(text)?.[1] ?? text;
  const withoutScheme = unescaped(inBrackets.trim(), /^(?:mailto|e-?mail|mail)\s?:/i);
  return withoutScheme
    .split("?", 1)
    .join("")
    .replace(/^[\s"'<(„“‚‘«»[]{1,9}/u, "")
    .replace(/[\s"'>)“”’«»\].,;:]{1,9}$/u, "");
}

/** `tel:+49-171-1234567;ext=3`, `+49 (0) 171 1234567` and `https://wa.me/491711234567` begin as numbers afterwards. */
export function copiedPhone(raw: string): string {
  const text = unescaped(
    visible(raw).trim(),
    /^(?:tel|telefon|phone|mobil|mobile|handy|fon|callto|sms|whatsapp|https?:\/\/wa\.me)\.?\s?[:/]\/{0,2}/i,
  );
  const [number = ""] = text.split(/;(?:ext|phone-context|isub)=/i, 1);
  const ascii = number
    .normalize("NFKC")
    .replaceAll(/[\p{Pd}\u2212]/gu, "-")
    .replaceAll(/[\u2044\u2215]/g, "/")
    .replaceAll(/[\u00b7\u2022\u2219]/g, ".");
  // The zero in brackets is dialled at home only; without the country it is the zero that belongs there.
  return /^\s*(?:\+|00|49)/.test(ascii)
    ? ascii.replace(/\(\s?0\s?\)/, " ").replaceAll(/ {2,}/g, " ")
    : ascii.replace(/^\s*\(\s?0\s?\)/, "0");
}

/** Without characters that have no width (marks of direction, byte order, hyphenation); blanks of any width are blanks. */
function visible(text: string): string {
  return text.replaceAll(/\p{Cf}/gu, "").replaceAll(/[\p{Zs}\t\n\r]/gu, " ");
}

/** In an address with a scheme, blanks and other signs are written as %20. */
function unescaped(text: string, scheme: RegExp): string {
  const rest = text.replace(scheme, "").trim();
  if (rest === text || !rest.includes("%")) return rest;
  try {
    return visible(decodeURIComponent(rest)).trim();
  } catch {
    return rest;
  }
}
