// Makes the demo's leads: invented people with German names, addresses and telephone numbers, the same ones every time.
import {
  campaigns,
  firstNames,
  freeNumbers,
  lastNames,
  mailDomains,
  messages,
  products,
  streets,
  towns,
} from "./word-lists.ts";

export interface DemoLead {
  /** From 1; tells it from all others. */
  readonly number: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** In one of the ways in which people write it. */
  readonly phone: string;
  readonly street: string;
  /** null: the person left it out. */
  readonly postalCode: string | null;
  readonly town: string;
  readonly product: string;
  readonly message: string;
  readonly campaign: string;
}

/** The first `count` leads of the series that `seed` stands for. */
export function makeLeads(count: number, seed: number): DemoLead[] {
  const pick = picker(seed);
  return Array.from({ length: count }, (_unused, index) => makeLead(index + 1, pick));
}

type Pick = <Item>(items: readonly [Item, ...Item[]] | readonly Item[]) => Item;

/** A linear congruential generator: the demo tells the same story each time, so chance must not come from outside. */
function picker(seed: number): Pick {
  let state = seed >>> 0;
  return (items) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // The low bits of such a generator repeat soon, so the choice is made by the high ones.
    const item = items[Math.floor((state / 2 ** 32) * items.length)];
    if (item === undefined) throw new Error("there is nothing to choose from");
    return item;
  };
}

const digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

function makeLead(number: number, pick: Pick): DemoLead {
  const firstName = pick(firstNames);
  const lastName = pick(lastNames);
  const [postalCode, town] = pick(towns);
  return {
    number,
    firstName,
    lastName,
    email: `${mailName(firstName)}.${mailName(lastName)}.${number}@${pick(mailDomains)}`,
    phone: makePhone(pick),
    street: `${pick(streets)} ${pick(digits)}${pick(digits.slice(1))}${pick(["", "", "a", " b"])}`.replace(
      " 0",
      " ",
    ),
    postalCode,
    town,
    product: pick(products),
    message: pick(messages),
    campaign: pick(campaigns),
  };
}

const germanSpellings = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", ı: "i", ł: "l" } as const;

function mailName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[äöüßıł]/g, (letter) => germanSpellings[letter as keyof typeof germanSpellings])
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z]+/g, "-");
}

function makePhone(pick: Pick): string {
  const { area, prefix, freeDigits } = pick(freeNumbers);
  const local = prefix + Array.from({ length: freeDigits }, () => pick(digits)).join("");
  const spaced = `${local.slice(0, 3)} ${local.slice(3)}`;
  return pick([
    `0${area} / ${spaced}`,
    `0${area}-${local}`,
    `+49 ${area} ${spaced}`,
    `+49 (0)${area} ${local}`,
    `0049${area}${local}`,
    `(0${area}) ${spaced}`,
  ]);
}
