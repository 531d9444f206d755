// Whether a host is one that deliveries reach only with `allow_private`.
import ipaddr from "ipaddr.js";

/** By its name or address alone; host names are not looked up. */
export function isPrivateHost(hostname: string): boolean {
  if (hostname === "localhost" || hostname.endsWith(".localhost")) return true;
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  return ipaddr.isValid(address) && ipaddr.process(address).range() !== "unicast";
}
