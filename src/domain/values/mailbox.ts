// An address as people write it into a mail: `Anna Berg <anna@example.com>` or the address alone.
import { domainToASCII } from "node:url";

export interface Mailbox {
  /** "": none. */
  readonly name: string;
  /** As it was written; its domain may be an international one. */
  readonly address: string;
}

/** null: it is none, or several. */
export function parseMailbox(text: string): Mailbox | null {
  const said = text.trim();
  if (said.length > mailboxUnitsMax || /\p{Cc}/u.test(said)) return null;
  if (!said.endsWith(">")) return isMailAddress(said) ? { name: "", address: said } : null;
  const begin = said.lastIndexOf("<");
  const [name, address] = [said.slice(0, begin).trim(), said.slice(begin + 1, -1).trim()];
  if (begin < 0 || !isMailAddress(address)) return null;
  const bare = /^"[^"]*"$/.test(name) ? name.slice(1, -1) : name;
  return /["<>]/.test(bare) ? null : { name: bare, address };
}

/** One that a mail server can be told: one local part, one domain, nothing that would need quotes (RFC 5321 section 4.1.2). */
export function isMailAddress(text: string): boolean {
  const parts = /^([^\s@<>()[\]:;,"\\]{1,64})@([^\s@<>()[\]:;,"\\]{1,253})$/.exec(text);
  const [, local = "", domain = ""] = parts ?? [];
  if (parts === null || local.startsWith(".") || local.endsWith(".") || local.includes("..")) return false;
  return /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/i.test(domainToASCII(domain));
}

/** In the form that every mail server reads. */
export function asciiDomainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf("@") + 1));
}

const mailboxUnitsMax = 400;
