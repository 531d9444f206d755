// What may keep senders from reaching an address: found out from the address alone, without asking anybody outside.
import { BlockList, isIP } from "node:net";
import type { Texts } from "../errors/explained.ts";

export const addressRemarkCodes = ["address_not_public", "address_port", "address_not_encrypted"] as const;

export interface AddressRemark {
  readonly code: (typeof addressRemarkCodes)[number];
  readonly texts: Texts;
}

/** `fromInternet`: who sends is outside. `ports`: the only ones that the sender reaches; null: any. */
export interface SenderReach {
  readonly fromInternet: boolean;
  readonly ports: readonly number[] | null;
}

/** `url`: where senders post to, as they are told it. */
export function addressRemarks(url: string, { fromInternet, ports }: SenderReach): readonly AddressRemark[] {
  const { protocol, hostname, port } = new URL(url);
  const number = port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
  const isPublic = !isPrivateHost(hostname);
  return [
    ...(isPublic ? [] : [notPublic]),
    ...(ports === null || ports.includes(number) ? [] : [wrongPort(number, ports)]),
    ...(isPublic && fromInternet && protocol === "http:" ? [notEncrypted] : []),
  ];
}

const notPublic: AddressRemark = {
  code: "address_not_public",
  texts: {
    en: "This address cannot be reached from the internet: senders outside of your network do not get here. Make LeadLedger reachable under a public name (reverse proxy), and enter that as public_url.",
    de: "Diese Adresse ist aus dem Internet nicht erreichbar: Absender außerhalb Ihres Netzes kommen hier nicht an. Machen Sie LeadLedger unter einem öffentlichen Namen erreichbar (Reverse-Proxy), und tragen Sie ihn als public_url ein.",
  },
};

const notEncrypted: AddressRemark = {
  code: "address_not_encrypted",
  texts: {
    en: "This address is not encrypted: many senders demand HTTPS, and leads travel in the clear.",
    de: "Diese Adresse ist nicht verschlüsselt: Viele Absender verlangen HTTPS, und Leads sind unterwegs lesbar.",
  },
};

function wrongPort(port: number, ports: readonly number[]): AddressRemark {
  const list = ports.join(", ");
  return {
    code: "address_port",
    texts: {
      en: `This address has port ${port}, and this sender reaches only ports ${list}.`,
      de: `Diese Adresse hat den Port ${port}, und dieser Absender erreicht nur die Ports ${list}.`,
    },
  };
}

/** Also names that no public server answers for: without a dot, or below a suffix that is never public (RFC 6761, 6762, 8375). */
function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const family = isIP(host);
  if (family !== 0) return privateAddresses.check(host, family === 4 ? "ipv4" : "ipv6");
  return !host.includes(".") || privateSuffixes.some((suffix) => host.endsWith(suffix));
}

const privateSuffixes: readonly string[] = [
  ...[
    ".localhost",
    ".local",
    ".internal",
    ".lan",
    ".intranet",
    ".corp",
    ".home",
    ".home.arpa",
    ".test",
    ".invalid",
  ],
];

/** What the internet routes nowhere (IANA special-purpose registries). IPv4 in IPv6 is checked as IPv4. */
const privateAddresses = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
] as const)
  privateAddresses.addSubnet(network, bits, "ipv4");
for (const [network, bits] of [
  ["::", 128],
  ["::1", 128],
  ["fc00::", 7],
  ["fe80::", 10],
  ["2001:db8::", 32],
] as const)
  privateAddresses.addSubnet(network, bits, "ipv6");
