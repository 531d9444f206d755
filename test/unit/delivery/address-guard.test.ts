import { describe, expect, it } from "vitest";
import { isPublicAddress } from "../../../src/outgoing/address-guard.ts";
import { reachableAddresses } from "../../../src/outgoing/guarded-connect.ts";

describe("an address that a destination may not have without allow_private", () => {
  it.each([
    ["loopback", "127.0.0.1"],
    ["loopback", "127.255.255.254"],
    ["unspecified", "0.0.0.0"],
    ["this network", "0.1.2.3"],
    ["private", "10.0.0.1"],
    ["private", "172.16.0.1"],
    ["private", "172.31.255.255"],
    ["private", "192.168.1.1"],
    ["link-local", "169.254.1.1"],
    ["cloud metadata", "169.254.169.254"],
    ["carrier NAT", "100.64.0.1"],
    ["protocol assignments", "192.0.0.8"],
    ["documentation", "192.0.2.1"],
    ["documentation", "198.51.100.1"],
    ["documentation", "203.0.113.1"],
    ["6to4 relay", "192.88.99.1"],
    ["benchmarking", "198.18.0.1"],
    ["multicast", "224.0.0.1"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["unspecified", "::"],
    ["loopback", "::1"],
    ["IPv4-mapped loopback", "::ffff:127.0.0.1"],
    ["IPv4-mapped private", "::ffff:a00:1"],
    ["IPv4-compatible loopback", "::127.0.0.1"],
    ["IPv4-translated", "::ffff:0:127.0.0.1"],
    ["NAT64", "64:ff9b::7f00:1"],
    ["NAT64 of one's own", "64:ff9b:1::7f00:1"],
    ["6to4", "2002:7f00:1::"],
    ["Teredo", "2001:0:7f00:1::"],
    ["unique local", "fd00::1"],
    ["cloud metadata", "fd00:ec2::254"],
    ["link-local", "fe80::1"],
    ["link-local with a zone", "fe80::1%eth0"],
    ["site-local", "fec0::1"],
    ["multicast", "ff02::1"],
    ["documentation", "2001:db8::1"],
    ["documentation", "3fff::1"],
    ["discard", "100::1"],
    ["segment routing", "5f00::1"],
    ["not handed out", "4000::1"],
    ["no address", "localhost"],
    ["no address", ""],
  ])("%s: %s", (_range, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe("an address on the public internet", () => {
  it.each(["1.1.1.1", "93.184.215.14", "172.32.0.1", "::ffff:1.1.1.1", "2606:4700::1111", "2a00:1450::1"])(
    "%s may be reached",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe("the addresses of a name", () => {
  it("are narrowed to the public ones, so that a mixed answer cannot lead inside", async () => {
    const resolve = (): Promise<string[]> => Promise.resolve(["10.0.0.1", "1.1.1.1", "::1"]);
    const addresses = await reachableAddresses("crm.example", { resolve, allowPrivate: false });
    expect(addresses).toEqual(["1.1.1.1"]);
  });

  it("are all taken with allow_private", async () => {
    const resolve = (): Promise<string[]> => Promise.resolve(["10.0.0.1", "1.1.1.1"]);
    const addresses = await reachableAddresses("crm.intern", { resolve, allowPrivate: true });
    expect(addresses).toEqual(["10.0.0.1", "1.1.1.1"]);
  });

  it("are not asked for when the name is an address already", async () => {
    const resolve = (): Promise<string[]> => Promise.reject(new Error("asked"));
    const addresses = await reachableAddresses("1.1.1.1", { resolve, allowPrivate: false });
    expect(addresses).toEqual(["1.1.1.1"]);
  });
});
