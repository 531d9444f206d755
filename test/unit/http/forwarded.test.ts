// What reverse proxies say of the client and of the address it asked for, and whom that is believed from.
import { describe, expect, it } from "vitest";
import type { IncomingHttpHeaders } from "node:http";
import { askedOf, trustProxies } from "../../../src/http/forwarded.ts";

const proxy = "10.0.0.5";
const asked = (
  headers: IncomingHttpHeaders,
  { trusted = ["10.0.0.0/8", "fd00::/8"], from = proxy, isEncrypted = false } = {},
) =>
  askedOf(
    { headers: { host: "inner:8080", ...headers }, remoteAddress: from, isEncrypted },
    trustProxies(trusted),
  );

describe("a proxy that is trusted says who asks, for which host and by which protocol", () => {
  it.each<[string, IncomingHttpHeaders, string]>([
    ["nothing", {}, "http inner:8080 10.0.0.5"],
    [
      "one proxy",
      { "x-forwarded-for": "192.0.2.7", "x-forwarded-host": "leads.example", "x-forwarded-proto": "https" },
      "https leads.example 192.0.2.7",
    ],
    [
      "a port that is not the protocol's own",
      { "x-forwarded-host": "leads.example:8443" },
      "http leads.example:8443 10.0.0.5",
    ],
    ["the host alone", { "x-forwarded-host": "leads.example" }, "http leads.example 10.0.0.5"],
    ["the protocol alone, in capitals", { "x-forwarded-proto": "HTTPS" }, "https inner:8080 10.0.0.5"],
    ["an unknown protocol", { "x-forwarded-proto": "wss" }, "http inner:8080 10.0.0.5"],
    ["a client with its port", { "x-forwarded-for": "192.0.2.7:4711" }, "http inner:8080 192.0.2.7"],
    ["IPv6 with its port", { "x-forwarded-for": "[2001:db8::1]:4711" }, "http inner:8080 2001:db8::1"],
    ["IPv6 bare", { "x-forwarded-for": "2001:db8::1" }, "http inner:8080 2001:db8::1"],
    ["IPv4 as IPv6", { "x-forwarded-for": "::ffff:192.0.2.7" }, "http inner:8080 192.0.2.7"],
    [
      "what a client wrote before the proxy added to it",
      { "x-forwarded-for": "1.1.1.1, 192.0.2.7", "x-forwarded-host": "evil.example, leads.example" },
      "http leads.example 192.0.2.7",
    ],
    [
      "two proxies that add",
      {
        "x-forwarded-for": "1.1.1.1, 192.0.2.7, 10.0.0.9",
        "x-forwarded-host": "evil.example, leads.example, middle",
        "x-forwarded-proto": "https, http",
      },
      "https leads.example 192.0.2.7",
    ],
    [
      "two proxies, the nearest of which writes anew",
      {
        "x-forwarded-for": "192.0.2.7, 10.0.0.9",
        "x-forwarded-host": "leads.example",
        "x-forwarded-proto": "https",
      },
      "https leads.example 192.0.2.7",
    ],
    [
      "a client inside a trusted network",
      { "x-forwarded-for": "10.1.1.1", "x-forwarded-host": "evil.example, leads.example" },
      "http leads.example 10.1.1.1",
    ],
    [
      "a host that means something to a shell",
      { "x-forwarded-host": "a;rm -rf" },
      "http inner:8080 10.0.0.5",
    ],
    ["no address", { "x-forwarded-for": "unknown" }, "http inner:8080 10.0.0.5"],
    [
      "an unreadable address between",
      { "x-forwarded-for": "192.0.2.7, nonsense, 10.0.0.9" },
      "http inner:8080 10.0.0.9",
    ],
    ["empty headers", { "x-forwarded-for": "", "x-forwarded-host": " , " }, "http inner:8080 10.0.0.5"],
  ])("%s", (_name, headers, expected) => {
    const { protocol, host, clientAddress } = asked(headers);
    expect(`${protocol} ${host} ${clientAddress}`).toBe(expected);
  });

  it.each<[string, string, string]>([
    ["one element", 'for=192.0.2.7;proto=https;host="leads.example"', "https leads.example 192.0.2.7"],
    ["names in capitals", "For=192.0.2.7; Proto=https; Host=leads.example", "https leads.example 192.0.2.7"],
    [
      "IPv6, quoted, with a port",
      'for="[2001:db8::1]:4711";host="leads.example:8443"',
      "http leads.example:8443 2001:db8::1",
    ],
    [
      "a client's own element before the proxy's",
      "for=1.1.1.1;host=evil.example, for=192.0.2.7;host=leads.example",
      "http leads.example 192.0.2.7",
    ],
    [
      "two proxies",
      "for=192.0.2.7;host=leads.example;proto=https, for=10.0.0.9;host=middle",
      "https leads.example 192.0.2.7",
    ],
    ["a proxy that hides its client", "for=_hidden;host=leads.example", "http leads.example 10.0.0.5"],
    ["a comma inside quotes", 'for=192.0.2.7;host="leads.example";by="a,b"', "http leads.example 192.0.2.7"],
    [
      "a second host in one element",
      "for=192.0.2.7;host=leads.example;host=evil.example",
      "http leads.example 192.0.2.7",
    ],
    ["nonsense", ';;=,,"', "http inner:8080 10.0.0.5"],
  ])("Forwarded: %s", (_name, forwarded, expected) => {
    const { protocol, host, clientAddress } = asked({ forwarded });
    expect(`${protocol} ${host} ${clientAddress}`).toBe(expected);
  });

  it("is not overruled by a Forwarded that the client sent past it", () => {
    expect(asked({ forwarded: "for=1.1.1.1;host=evil.example", "x-forwarded-for": "192.0.2.7" })).toEqual({
      clientAddress: "192.0.2.7",
      protocol: "http",
      host: "inner:8080",
    });
  });
});

it("believes nobody else, whatever is said", () => {
  const headers = {
    "x-forwarded-for": "1.1.1.1",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    forwarded: "for=1.1.1.1;host=evil.example",
  };
  const direct = { clientAddress: "192.0.2.9", protocol: "http", host: "inner:8080" };
  expect(asked(headers, { from: "192.0.2.9" })).toEqual(direct);
  expect(asked(headers, { from: "192.0.2.9", trusted: [] })).toEqual(direct);
  expect(asked(headers, { from: "::ffff:192.0.2.9", isEncrypted: true })).toEqual({
    ...direct,
    protocol: "https",
  });
});

it("knows a trusted address however the system writes it", () => {
  const isTrusted = trustProxies(["127.0.0.1", "10.0.0.0/8", "::1", "fd00::/8"]);
  expect(["127.0.0.1", "10.255.0.1", "::1", "fd12::9"].map(isTrusted)).toEqual([true, true, true, true]);
  expect(["127.0.0.2", "11.0.0.1", "fe80::1", "", "x"].map(isTrusted)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
  expect(asked({ "x-forwarded-for": "192.0.2.7" }, { from: "::ffff:10.0.0.5" }).clientAddress).toBe(
    "192.0.2.7",
  );
});
