// An address that stands in one field, as German forms write it: street, postcode, town and, perhaps, country.

export interface AddressParts {
  readonly street: string | null;
  readonly postal_code: string | null;
  readonly town: string | null;
  readonly country: string | null;
}

export interface PostalTown {
  readonly postal_code: string;
  readonly town: string;
}

/** `Ringstraße 5, 50667 Köln`; what cannot be told apart is the street. */
export function addressIn(address: string): AddressParts {
  const lines = address
    .split(/[,\n\r;]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const at = lines.findIndex((line, index) => inLine(line) !== null && !isHouse(line, index, lines));
  if (at === -1) return withinLine(lines) ?? { ...nothing, street: address };
  const { postal_code, town } = inLine(lines[at] ?? "") ?? nothing;
  const behind = lines.slice(at + 1);
  const country = behind.find(isCountry) ?? null;
  // Some write the town first.
  const street = (at === 0 ? behind.filter((line) => line !== country) : lines.slice(0, at)).join(", ");
  return { street: street === "" ? null : street, postal_code, town, country };
}

/** `50667 Köln`, `D-50667, Köln`, `Köln 50667`; null: it is not both. */
export function postalTownIn(text: string): PostalTown | null {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  return text.length > townUnitsMax
    ? null
    : (codeAndTown(words) ?? codeAndTown([...words.slice(-1), ...words.slice(0, -1)]));
}

/** Behind a town may stand a house, or an American postcode behind a state. */
function inLine(line: string): PostalTown | null {
  return line.length > townUnitsMax ? null : codeAndTown(line.split(/\s+/));
}

function codeAndTown([first = "", ...words]: readonly string[]): PostalTown | null {
  const code = /^(?:[A-Z]{1,2}-)?(\d{4,5})$/.exec(first)?.[1];
  const isTown = /^\p{L}/u.test(words[0] ?? "") && !words.some((word) => /^\d/.test(word));
  return code === undefined || !isTown ? null : { postal_code: code, town: words.join(" ") };
}

/** `Ringstraße 5 50667 Köln`: only five digits, or a country before them, cannot be a house. */
function withinLine(lines: readonly string[]): AddressParts | null {
  const [line = "", ...behind] = lines;
  const words = line.split(/\s+/);
  const at = words.findIndex((word, index) => index > 0 && /^(?:[A-Z]{1,2}-\d{4,5}|\d{5})$/.test(word));
  const found = at === -1 ? null : codeAndTown(words.slice(at));
  const street = words.slice(0, /^[/|–-]$/.test(words[at - 1] ?? "") ? at - 1 : at).join(" ");
  return found === null ? null : { street, ...found, country: behind.find(isCountry) ?? null };
}

/** `1600 Main Street, …` begins with a house, `Ringstraße 1600` ends with one. */
function isHouse(line: string, index: number, lines: readonly string[]): boolean {
  return index === 0 && lines.length > 1 && !/\d{5}|[A-Z]-\d{4}/.test(line);
}

function isCountry(line: string): boolean {
  return countries.has(line.toLowerCase());
}

const nothing: AddressParts = { street: null, postal_code: null, town: null, country: null };
const townUnitsMax = 120;
const countries = new Set(
  [
    "deutschland germany allemagne österreich austria schweiz switzerland suisse svizzera liechtenstein luxemburg luxembourg",
    "frankreich france italien italia italy niederlande nederland netherlands belgien belgium dänemark denmark polen poland",
    "tschechien czechia spanien spain de at ch",
  ].flatMap((line) => line.split(" ")),
);
