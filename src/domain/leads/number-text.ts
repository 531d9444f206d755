// A number as people write it, as JSON writes it: `1.234,56 €` is 1234.56.

/** With all its digits; null: it cannot be read as one number. A single point or comma is the decimal one. */
export function numberText(text: string): string | null {
  const said = withoutUnits(text);
  if (said.length > charactersMax || !/^[+-]?[\d.,' ]+$/.test(said)) return null;
  const sign = said.startsWith("-") ? "-" : "";
  const digits = said.replace(/^[+-]/, "").replaceAll(/[' ]/g, "");
  const decimal = decimalOf(digits);
  const [whole = "", fraction, ...rest] =
    decimal === null ? [digits.replaceAll(/[.,]/g, "")] : split(digits, decimal);
  if (rest.length > 0 || !/^\d*$/.test(whole + (fraction ?? ""))) return null;
  if (whole === "" && (fraction ?? "") === "") return null;
  const plain = whole.replace(/^0+(?=\d)/, "");
  return `${sign}${plain === "" ? "0" : plain}${fraction === undefined || fraction === "" ? "" : `.${fraction}`}`;
}

/** What stands before and behind it: `EUR`, `ca.`, `m²`. */
function withoutUnits(text: string): string {
  const from = text.search(/\d/);
  if (from < 0) return "";
  let until = text.length;
  while (!/\d/.test(text.charAt(until - 1))) until -= 1;
  const before = text.slice(0, from).trim();
  const begun = /^[+-]?[.,]$/.test(before) ? before : /[+-]$/.test(before) ? before.slice(-1) : "";
  return begun + text.slice(from, until).replaceAll(/[\u00a0\u202f]/g, " ");
}

/** null: none, so that all points and commas part thousands. */
function decimalOf(digits: string): "." | "," | null {
  const [point, comma] = [digits.lastIndexOf("."), digits.lastIndexOf(",")];
  if (point >= 0 && comma >= 0) return point > comma ? "." : ",";
  const mark = point >= 0 ? "." : ",";
  return digits.split(mark).length === 2 ? mark : null;
}

function split(digits: string, decimal: "." | ","): string[] {
  return digits.replaceAll(decimal === "." ? "," : ".", "").split(decimal);
}

const charactersMax = 100;
