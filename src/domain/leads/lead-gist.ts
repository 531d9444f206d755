// What a list shows of a lead: who it is, where, and what about.
import type { VocabularyLead } from "./vocabulary.ts";

export interface LeadGist {
  readonly name: string | null;
  readonly company: string | null;
  readonly email: string | null;
  readonly phones: readonly string[];
  readonly postal_code: string | null;
  readonly town: string | null;
  readonly product: string | null;
  /** Its beginning. */
  readonly message: string | null;
}

export function gistOf(lead: VocabularyLead): LeadGist {
  const { name, company, email, phones, postal_code, town, product, message } = lead;
  return {
    name,
    company,
    email,
    phones: phones.slice(0, phonesMax),
    postal_code,
    town,
    product,
    message: message === null ? null : beginningOf(message),
  };
}

function beginningOf(message: string): string {
  const characters = Array.from(message.slice(0, 2 * messageCharactersMax));
  return characters.length <= messageCharactersMax
    ? characters.join("")
    : `${characters.slice(0, messageCharactersMax).join("")}…`;
}

const messageCharactersMax = 120;
const phonesMax = 3;
