// An address that stands in one field, as German forms write it: street, postcode and town.

export interface AddressParts {
  readonly street: string | null;
  readonly postal_code: string | null;
  readonly town: string | null;
}

/** `Ringstraße 5, 50667 Köln`; what cannot be told apart is the street. `postalTown`: `50667 Köln` by itself. */
export function addressIn(address: string | null, postalTown: string | null): AddressParts {
  const inTown = postalTown === null ? null : townPattern.exec(postalTown);
  if (address === null)
    return {
      street: null,
      postal_code: inTown?.[1] ?? null,
      town: inTown?.[2] ?? (inTown === null ? postalTown : null),
    };
  const lines = address
    .split(/[,\n\r;]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const at = lines.findIndex((line) => townPattern.test(line));
  const [, code, town] = townPattern.exec(lines[at] ?? "") ?? [];
  if (code === undefined || town === undefined)
    return { street: address, postal_code: inTown?.[1] ?? null, town: inTown?.[2] ?? null };
  const street = lines.slice(0, at).join(", ");
  return { street: street === "" ? null : street, postal_code: code, town };
}

const townPattern = /^(?:[A-Z]{1,2}-)?(\d{4,5})\s+(\p{L}.{0,100})$/u;
