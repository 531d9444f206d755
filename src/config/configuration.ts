// What LeadLedger is configured to do: the checked content of leadledger.yaml, with every default filled in.
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { Destination } from "../domain/destinations/destination.ts";
import type { SlaTarget } from "../domain/sla/sla-target.ts";
import type { Source } from "../domain/sources/source.ts";
import type { Entry } from "./fields/field.ts";
import type { Said } from "./problem.ts";
import type { PublicUrl } from "./public-url.ts";
import type { DeclaredSection } from "./sections/declared-section.ts";

export interface Configuration {
  /** IANA name; days of reports begin and end in it. null: the file does not say; the installation's stays. */
  readonly timezone: string | null;
  /** Anyone may post as any source that is not configured (docs/contract.md, Who may post). */
  readonly openIntake: boolean;
  /** IP addresses and networks of reverse proxies that are believed what they say of the client (http/forwarded.ts). */
  readonly trustProxy: readonly string[];
  /** Where people and senders reach the installation; absent: nothing is said about it. */
  readonly publicUrl?: PublicUrl;
  readonly sources: readonly Source[];
  readonly destinations: readonly Destination[];
  /** Absent: the file says nothing about them. */
  readonly sla?: readonly SlaTarget[] | undefined;
  /**
   * Sections that the file has not, or has without a value; absent: none. One that is meant to be empty is written `{}`:
   * a file that was cut off, or that a template failed to fill, looks like one in which everything was deleted.
   */
  readonly missingSections?: readonly ConfigurationSection[];
  /** The other sections that the file has, checked, with short forms written out; absent: none. */
  readonly sections?: readonly WrittenSection[];
}

export interface WrittenSection {
  readonly section: DeclaredSection;
  readonly entry: Entry;
}

export type ConfigurationSection = "sources" | "destinations";

/** Of an installation that nobody has told a different one. */
export const defaultTimezone = "Europe/Berlin";

/**
 * Why open intake is refused where the server is about to listen on this host; null: it is not (docs/contract.md, Who
 * may post).
 */
export function checkOpenIntake(
  { openIntake, trustProxy }: Pick<Configuration, "openIntake" | "trustProxy">,
  host: string,
): Said<"open_intake_behind_proxy" | "open_intake_not_loopback"> | null {
  if (!openIntake) return null;
  if (trustProxy.length > 0) return { code: "open_intake_behind_proxy", params: {} };
  return isLoopbackHost(host) ? null : { code: "open_intake_not_loopback", params: { host } };
}

// Strict notation only: whatever needs interpretation (127.1, 0x7f000001, an empty host) does not count.
export function isLoopbackHost(host: string): boolean {
  if (host.toLowerCase() === "localhost") return true;
  const address = host.replace(/^\[(.*)\]$/, "$1");
  return isIP(address) !== 0 && ipaddr.process(address).range() === "loopback";
}
