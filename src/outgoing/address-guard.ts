// Which network addresses a request of ours may go to (protection against server-side request forgery).
import ipaddr from "ipaddr.js";

/**
 * Whether an address belongs to the public internet. Everything else is refused: loopback, private,
 * link-local with the clouds' metadata services, carrier NAT, multicast, documentation, and the IPv6
 * ranges that carry an IPv4 address inside (NAT64, 6to4, Teredo), because what is inside may be private.
 * An IPv4-mapped IPv6 address is judged as the IPv4 address that it is.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === "unicast" && (parsed.kind() === "ipv4" || isGlobalUnicast(parsed.toByteArray()));
}

/** RFC 4291 section 2.4 and IANA's registry: so far only 2000::/3 is handed out, the rest means nothing public. */
function isGlobalUnicast(bytes: readonly number[]): boolean {
  return ((bytes[0] ?? 0) & 0xe0) === 0x20;
}
