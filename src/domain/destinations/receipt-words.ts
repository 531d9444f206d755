// What is remarkable about how a lead arrived, in words: a pure table that the dashboard shows, too.
import type { Duplicate } from "./receipt.ts";

/** As the API shows what is remarkable. */
export interface ReceiptSigns {
  readonly proven: boolean | null;
  readonly maybe_twice: boolean;
  readonly duplicate: string | null;
}

export type ReceiptSign = "unproven" | "maybe_twice" | Duplicate;

/** What a person should look at, wherever a lead is listed: some delivery of it that arrived is so. */
export const leadSigns = ["unproven", "maybe_twice", "known_person", "warning"] as const;
export type LeadSign = (typeof leadSigns)[number];

interface Words {
  readonly en: string;
  readonly de: string;
}

/** By what leads are looked for: also what is as one would wish. */
export type ArrivalSign = LeadSign | "added_to_person";

/** As they stand beside a lead's state, and to choose from. */
export const leadSignWords = {
  unproven: { en: "unproven", de: "unbestätigt" },
  maybe_twice: { en: "may be there twice", de: "vielleicht doppelt vorhanden" },
  known_person: { en: "person was known there", de: "Person war dort schon bekannt" },
  added_to_person: { en: "added to a known person", de: "bei bekannter Person ergänzt" },
  warning: { en: "arrived incomplete", de: "unvollständig angekommen" },
} as const satisfies Readonly<Record<ArrivalSign, Words>>;

export const receiptWords = {
  unproven: {
    en: "unproven: the destination would say the same if it threw the lead away",
    de: "unbestätigt: Das Ziel würde dasselbe sagen, wenn es den Lead wegwirft",
  },
  maybe_twice: {
    en: "may be there twice: an earlier attempt may have arrived as well",
    de: "vielleicht doppelt vorhanden: Womöglich ist auch ein früherer Versuch angekommen",
  },
  known_person: {
    en: "the person was known there already, and the new enquiry was not stored",
    de: "Die Person war dort schon bekannt, die neue Anfrage wurde nicht gespeichert",
  },
  added_to_person: {
    en: "the person was known there already: the new enquiry was added to their record",
    de: "Die Person war dort schon bekannt, die neue Anfrage wurde bei ihr hinzugefügt",
  },
  same_delivery: {
    en: "was there already: an earlier attempt had arrived",
    de: "war schon da: Ein früherer Versuch war angekommen",
  },
} as const satisfies Readonly<Record<ReceiptSign, Words>>;

/** A page stays open while its installation is upgraded, and may meet a sign that is newer than itself. */
export function leadSignText(sign: ArrivalSign, language: "en" | "de"): string {
  return Object.hasOwn(leadSignWords, sign) ? leadSignWords[sign][language] : sign;
}

export function receiptSigns({ proven, maybe_twice: maybeTwice, duplicate }: ReceiptSigns): ReceiptSign[] {
  const signs: ReceiptSign[] = [];
  if (proven === false) signs.push("unproven");
  if (maybeTwice) signs.push("maybe_twice");
  if (isDuplicate(duplicate)) signs.push(duplicate);
  return signs;
}

function isDuplicate(duplicate: string | null): duplicate is Duplicate {
  return duplicate === "known_person" || duplicate === "added_to_person" || duplicate === "same_delivery";
}
