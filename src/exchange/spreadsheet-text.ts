// Texts in files that a spreadsheet may open: none of them becomes a formula, and each can be read back as it was.

/**
 * What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), the full-width forms too. An
 * apostrophe before it counts along, so that what was marked can be told from what had an apostrophe of its own.
 */
const looksLikeFormula = /^'*[=+\-@\t\r\n＝＋－＠]/;

/**
 * Digits and what people write between them: +49 (0) 711 / 123-45, 0711 12345, 70173, -12.5. No letters, so no function
 * and no reference: the worst that a spreadsheet can make of it is a different number.
 */
const looksLikeNumber = /^[+-]?\(?\+?\d[\d ()/.,:+-]*$|^\d+[eE]\d+$/;

/** For any program: phone numbers stay as they are, whatever else could be a formula gets an apostrophe before it. */
export function plainText(text: string): string {
  return looksLikeFormula.test(text) && !looksLikeNumber.test(text) ? `'${text}` : text;
}

/**
 * For Excel, which reads everything as a number or a date that looks like one: +49711 would lose its plus, 01067 its
 * zero. `="01067"` stays the text that it is.
 */
export function excelText(text: string): string {
  if (looksLikeNumber.test(text)) return `="${text}"`;
  return looksLikeFormula.test(text) ? `'${text}` : text;
}

/** What `plainText` or `excelText` was given. */
export function originalText(cell: string): string {
  const kept = /^="([^"]*)"$/.exec(cell)?.[1];
  if (kept !== undefined && looksLikeNumber.test(kept)) return kept;
  return cell.startsWith("'") && looksLikeFormula.test(cell) ? cell.slice(1) : cell;
}
