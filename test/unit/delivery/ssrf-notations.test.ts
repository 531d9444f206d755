// However a private address is written, nothing of ours goes there without allow_private: no delivery, no probe.
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { probeDestination } from "../../../src/app.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { valueRules } from "../../../src/config/value-rules.ts";
import { open as createHttpDestination } from "../../../src/kinds/destinations/http/transport.ts";
import { isPublicAddress } from "../../../src/outgoing/address-guard.ts";
import { httpDestination, httpSender, message, neverAborted } from "../../support/http-destination.ts";
import { startSink } from "../../support/sink.ts";
import type { Sink } from "../../support/sink.ts";

const forbidden = { code: "destination_address_forbidden", class: "needs_configuration" };
let connections = 0;
let port = 0;
/** Counts whoever gets there, on every address of this machine's own. */
const server = createServer((socket) => {
  connections += 1;
  socket.destroy();
});

beforeAll(async () => {
  server.listen({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.close();
});

/** `PORT` in the text becomes one where somebody listens. */
function urlOf(text: string): string {
  return text.replaceAll("PORT", String(port));
}

async function expectForbidden(url: string): Promise<void> {
  const destination = httpDestination(url, { allowPrivate: false });
  const sender = createHttpDestination(destination, { nowMs: Date.now });
  const { outcome, response } = await sender.attempt(message(), neverAborted);
  expect(outcome).toMatchObject(forbidden);
  expect(response).toBeNull();
  expect(await sender.probe()).toMatchObject({ reachable: false, code: forbidden.code });
  // What `doctor` does.
  expect(await probeDestination(builtInKinds.destinations, destination)).toMatchObject({
    reachable: false,
    code: forbidden.code,
  });
  await sender.close();
  expect(connections).toBe(0);
}

describe("a private IPv4 address", () => {
  it.each([
    ["in decimal", ["2130706433", "2852039166", "3232235777", "167772161"]],
    ["in octal", ["017700000001", "0177.0.0.01", "0251.0376.0251.0376", "00000177.0.0.1"]],
    ["in hexadecimal", ["0x7f000001", "0X7F.0.0.1", "0x7f.0x0.0x0.0x1", "0xa9fea9fe", "0xA9.0xFE.43518"]],
    ["in several bases", ["0x7f.0.0.01", "127.0x0.1", "0251.254.0xa9fe"]],
    ["with parts left out", ["127.1", "127.0.1", "10.1", "192.168.257", "169.254.43518", "0", "0x0", "00"]],
    ["with a final dot", ["127.0.0.1.", "127.1.", "2130706433.", "169.254.169.254."]],
    ["percent-encoded", ["127%2E0%2E0%2E1", "%31%32%37.0.0.1", "%30x7f000001", "%EF%BC%91%32%37.1"]],
    [
      "in full-width signs",
      ["１２７.０.０.１", "127．0．0．1", "１２７。０。０。１", "127｡0｡0｡1", "０ｘ７ｆ.1"],
    ],
    ["in other digits", ["①②⑦.⓪.⓪.①", "𝟏𝟐𝟕.𝟎.𝟎.𝟏", "¹²⁷.⁰.⁰.¹", "𝟶𝚡𝟽𝚏.𝟷"]],
    ["of a cloud's metadata", ["169.254.169.254", "100.100.100.200", "192.0.0.192", "169.254.170.2"]],
  ])("%s", async (_how, hosts) => {
    for (const host of hosts) await expectForbidden(urlOf(`http://${host}:PORT/leads`));
  });
});

describe("a private IPv6 address", () => {
  it.each([
    ["loopback", ["::1", "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:0000:0000:0001", "::0001", "::"]],
    ["IPv4-mapped", ["::ffff:127.0.0.1", "::FFFF:7F00:1", "0:0:0:0:0:ffff:7f00:0001", "::ffff:a9fe:a9fe"]],
    ["IPv4-compatible", ["::127.0.0.1", "::7f00:1", "::a9fe:a9fe"]],
    ["IPv4-translated", ["::ffff:0:127.0.0.1", "::ffff:0:a9fe:a9fe"]],
    ["NAT64", ["64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:FF9B:0:0:0:0:7f00:1", "64:ff9b:1::7f00:1"]],
    // What is inside may be public; it is refused all the same, because we do not reach what is inside.
    ["NAT64 of a public address", ["64:ff9b::8.8.8.8"]],
    ["6to4", ["2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:0a00:0001::1"]],
    ["Teredo", ["2001:0:4136:e378:8000:63bf:80ff:fffe", "2001::1"]],
    ["local", ["fe80::1", "FE80::1", "febf::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1"]],
  ])("%s", async (_how, addresses) => {
    for (const address of addresses) await expectForbidden(urlOf(`http://[${address}]:PORT/leads`));
  });
});

describe("a private address behind something else", () => {
  it.each([
    "http://1.1.1.1@127.0.0.1:PORT/",
    "http://1.1.1.1:80@127.0.0.1:PORT/",
    "http://crm.example%2f@127.0.0.1:PORT/",
    "http://crm.example%00@127.0.0.1:PORT/",
    "http://1.1.1.1@2.2.2.2@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT\\@1.1.1.1/",
    "http://127.0.0.1:PORT#@1.1.1.1/",
    "http://127.0.0.1:PORT?@1.1.1.1/",
    "http://127.0.0.1:PORT/@1.1.1.1/",
    "http:127.0.0.1:PORT/",
    "http:/127.0.0.1:PORT/",
    "http:///127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT\\",
    "hTTp://127.0.0.1:PORT/",
    " http://127.0.0.1:PORT/",
    "http://127.0.\n0.1:PORT/",
    "ht\ttp://127.0.0.1:PORT/",
    "https://127.0.0.1:PORT/",
    "https://[::ffff:127.0.0.1]:PORT/",
  ])("%j", async (text) => {
    await expectForbidden(urlOf(text));
  });
});

describe("a host that can be no address", () => {
  it.each([
    "http://[fe80::1%lo]/",
    "http://[fe80::1%25lo]/",
    "http://[::1%25lo]/",
    "http://127.0.0.1%00/",
    "http://127.0.0.1%00.example/",
    "http://127.0.0.256/",
    "http://4294967296/",
    "http://1.2.3.4.5/",
    "http://0x7f.0.0.0.1/",
    "http://[::ffff:127.0.0.1.]/",
    "http://[127.0.0.1]/",
    "http://[::1/",
    "http://::1/",
    "http://127.0.0.1:99999/",
  ])("%s is refused as configuration, and nothing can be made that sends there", (url) => {
    expect(valueRules.url(url)).not.toBeNull();
    expect(() => httpSender(url)).toThrow(TypeError);
  });

  it.each(["ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "unix:/run/x.sock", "data:,x"])(
    "%s is refused as configuration, and nothing can be made that sends there",
    (url) => {
      expect(valueRules.url(url)).not.toBeNull();
      expect(() => httpSender(url, { allowPrivate: true })).toThrow();
    },
  );
});

describe("a name", () => {
  it.each([
    ["that is private", ["127.0.0.1"]],
    ["that is private in several ways", ["10.0.0.1", "::1", "fd00::1"]],
    ["that is an IPv4-mapped address", ["::ffff:127.0.0.1"]],
    ["that has a zone", ["fe80::1%lo"]],
    ["that is answered in another notation", ["127.1", "2130706433", "0x7f.1", "0177.0.0.1"]],
    ["that is answered with nonsense", ["localhost", "", "127.0.0.1/8", "127.0.0.1:80"]],
    ["of a cloud's metadata", ["169.254.169.254", "fd00:ec2::254"]],
  ])("%s is never connected to", async (_what, addresses) => {
    const resolve = (): Promise<string[]> => Promise.resolve(addresses);
    for (const name of ["crm.test", "CRM.Test", "crm.test.", "127.0.0.1.crm.test", "ｃrm.test"]) {
      const sender = httpSender(urlOf(`http://${name}:PORT/`), { allowPrivate: false }, { resolve });
      expect((await sender.attempt(message(), neverAborted)).outcome).toMatchObject(forbidden);
      expect(await sender.probe()).toMatchObject({ reachable: false, code: forbidden.code });
      await sender.close();
    }
    expect(connections).toBe(0);
  });

  it.each(["localhost", "LOCALHOST", "ｌｏｃａｌｈｏｓｔ", "%6c%6fcalhost", "local\u00adhost"])(
    "for this machine (%j) is never connected to",
    async (name) => {
      await expectForbidden(urlOf(`http://${name}:PORT/`));
    },
  );

  it("for this machine with a final dot is never connected to, whether it is found or not", async () => {
    const sender = httpSender(urlOf("http://localhost.:PORT/"), { allowPrivate: false });
    const { outcome } = await sender.attempt(message(), neverAborted);
    expect(outcome).toMatchObject({
      code: expect.stringMatching(/^destination_(address_forbidden|dns)$/) as string,
    });
    await sender.close();
    expect(connections).toBe(0);
  });

  it("that moves inside is looked at anew for every connection, and not asked twice for one", async () => {
    const sink = await startSink();
    const answers = [["127.0.0.1"], ["10.0.0.1", "169.254.169.254"]];
    const resolve = vi.fn(() => Promise.resolve(answers.shift() ?? ["127.0.0.1"]));
    const sender = httpSender(`http://crm.test:${sink.port}/`, { allowPrivate: false }, { resolve });
    for (let attempts = 1; attempts <= 3; attempts += 1) {
      expect((await sender.attempt(message(), neverAborted)).outcome).toMatchObject(forbidden);
      expect(resolve).toHaveBeenCalledTimes(attempts);
    }
    await sender.close();
    expect(sink.connectionsMade()).toBe(0);
    await sink.close();
  });
});

describe("a redirect", () => {
  it.each([300, 301, 302, 303, 307, 308])("(%i) is not followed, wherever it points", async (status) => {
    const inside = await startSink();
    for (const location of targets(inside)) {
      const sink = await startSink(() => ({
        kind: "answer",
        status,
        headers: {
          location,
          refresh: `0; url=${location}`,
          link: `<${location}>`,
          "alt-svc": `h2="${location}"`,
        },
      }));
      const sender = httpSender(sink.url);
      const result = await sender.attempt(message(), neverAborted);
      expect(result.outcome).toMatchObject({ code: "destination_redirect", class: "needs_configuration" });
      expect(result.response?.headers["location"]).toBe(location);
      await sink.close();
      await sender.close();
      expect(sink.requests).toHaveLength(1);
    }
    await inside.close();
    expect(inside.connectionsMade()).toBe(0);
  });

  it("is not what a location in another answer means", async () => {
    const inside = await startSink();
    for (const status of [200, 201, 304, 401, 503]) {
      const sink = await startSink(() => ({ kind: "answer", status, headers: { location: inside.url } }));
      const sender = httpSender(sink.url);
      await sender.attempt(message(), neverAborted);
      expect(sink.requests).toHaveLength(1);
      await sink.close();
      await sender.close();
    }
    await inside.close();
    expect(inside.connectionsMade()).toBe(0);
  });

  function targets(inside: Sink): string[] {
    return [
      inside.url,
      `//127.0.0.1:${inside.port}/`,
      "http://169.254.169.254/latest/meta-data/",
      "file:///etc/passwd",
      "/elsewhere",
    ];
  }
});

describe("an address next to a forbidden range", () => {
  it.each(["9.255.255.255", "11.0.0.0", "126.255.255.255", "128.0.0.1", "169.253.255.255", "172.15.255.255"])(
    "%s is public",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
      expect(isPublicAddress(`::ffff:${address}`)).toBe(true);
    },
  );
});
