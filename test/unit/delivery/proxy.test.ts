// Destinations behind a proxy, and with a certificate authority of one's own: what curl and every other program read.
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { choiceFor, proxyRulesOf } from "../../../src/outgoing/proxy.ts";
import type { HttpDestination } from "../../../src/kinds/destinations/http/fields.ts";
import { openConnector } from "../../../src/outgoing/connector.ts";
import { startConnectProxy } from "../../support/connect-proxy.ts";
import type { ProxyBehaviour, TestProxy } from "../../support/connect-proxy.ts";
import { httpSender, message, neverAborted } from "../../support/http-destination.ts";
import { startLineReceiver } from "../../support/line-receiver.ts";
import { accept, sinkCa, startSink } from "../../support/sink.ts";
import type { Sink } from "../../support/sink.ts";

const open: { close(): Promise<unknown> }[] = [];
let folder: string;
let caFile: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "leadledger-ca-"));
  caFile = join(folder, "ca.pem");
  await writeFile(caFile, `# our own\n${sinkCa}`);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
  await rm(folder, { recursive: true });
});

async function scene({
  tls,
  ...behaviour
}: Partial<ProxyBehaviour> & { readonly tls: boolean }): Promise<{ sink: Sink; proxy: TestProxy }> {
  const sink = await startSink(accept, { tls });
  const proxy = await startConnectProxy({ target: { host: "127.0.0.1", port: sink.port }, ...behaviour });
  open.push(sink, proxy);
  return { sink, proxy };
}

interface Attempt {
  readonly url: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly addresses?: readonly string[];
  readonly destination?: Partial<HttpDestination>;
}

async function attempt({ url, env = {}, addresses = ["93.184.216.34"], destination = {} }: Attempt) {
  const own = { allowPrivate: false, caFile, ...destination };
  const parts = { resolve: () => Promise.resolve(addresses), proxy: proxyRulesOf(env) };
  const sender = httpSender(url, own, parts);
  open.push(sender);
  return (await sender.attempt(message(), neverAborted)).outcome;
}

describe("a destination that is spoken to without HTTP", () => {
  it("is reached through a tunnel of ALL_PROXY, at the address that was checked", async () => {
    const receiver = await startLineReceiver("ok");
    const target = { host: "127.0.0.1", port: Number(receiver.host.split(":")[1]) };
    const proxy = await startConnectProxy({ target });
    const connector = openConnector(
      { allowPrivate: false, timeoutMs: 2_000 },
      {
        resolve: () => Promise.resolve(["93.184.216.34"]),
        proxy: proxyRulesOf({ ALL_PROXY: `http://127.0.0.1:${proxy.port}` }),
      },
    );
    open.push(proxy, { close: () => receiver.stop() });
    const socket = await connector.connect({ hostname: "mail.test", port: 587, secure: false });
    socket.write("a line\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    connector.close();
    expect(answer.toString("utf8")).toBe("ok\n");
    expect(proxy.asked).toEqual(["CONNECT 93.184.216.34:587"]);
  });

  it("takes no notice of a proxy for the web", () => {
    const rules = proxyRulesOf({ HTTPS_PROXY: "http://proxy.test", HTTP_PROXY: "http://proxy.test" });
    const target = { hostname: "mail.test", port: 587, secure: false };
    expect(choiceFor(rules, target, "other").kind).toBe("direct");
    expect(choiceFor(rules, target).kind).toBe("proxy");
  });
});

describe("a destination behind a proxy", () => {
  it("is reached at the address that was checked, and its certificate is judged by its own name", async () => {
    const { sink, proxy } = await scene({ tls: true });
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    expect(await attempt({ url: "https://crm.test/leads", env })).toMatchObject({ kind: "delivered" });
    expect(proxy.asked).toEqual(["CONNECT 93.184.216.34:443"]);
    expect(sink.serverNames).toEqual(["crm.test"]);
    expect(await attempt({ url: "https://other.test/leads", env })).toMatchObject({
      code: "destination_tls",
    });
    expect(sink.requests).toHaveLength(1);
  });

  it("with allow_private is asked for by its name, which the proxy resolves", async () => {
    const { proxy } = await scene({ tls: true });
    const env = { https_proxy: `127.0.0.1:${proxy.port}`, HTTPS_PROXY: "http://127.0.0.1:1" };
    const outcome = await attempt({
      url: "https://crm.test:8443/leads",
      env,
      addresses: [],
      destination: { allowPrivate: true },
    });
    expect(outcome).toMatchObject({ kind: "delivered" });
    expect(proxy.asked).toEqual(["CONNECT crm.test:8443"]);
  });

  it.each([
    ["a name that leads inside", "https://crm.test/leads", ["10.0.0.5", "127.0.0.1"]],
    ["an address inside", "https://169.254.169.254/leads", []],
    ["a name that leads inside, in the open", "http://crm.test/leads", ["::ffff:192.168.0.1"]],
  ])("is not asked for where it is %s", async (_what, url, addresses) => {
    const { proxy } = await scene({ tls: true });
    const at = `http://127.0.0.1:${proxy.port}`;
    const outcome = await attempt({ url, addresses, env: { HTTPS_PROXY: at, HTTP_PROXY: at } });
    expect(outcome).toMatchObject({ code: "destination_address_forbidden" });
    expect(proxy.asked).toEqual([]);
  });

  it("in the open is asked for with its whole address; credentials go to the proxy alone", async () => {
    const { sink, proxy } = await scene({ tls: false });
    const env = { http_proxy: `http://us%40er:p%3Ass@127.0.0.1:${proxy.port}/` };
    expect(await attempt({ url: "http://crm.test/leads", env })).toMatchObject({ kind: "delivered" });
    expect(proxy.asked).toEqual(["POST http://crm.test/leads"]);
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from("us@er:p:ss").toString("base64")}`]);
    expect(sink.requests[0]?.headers.host).toBe("crm.test");
  });

  it.each([
    ["refuses", "407 Proxy Authentication Required", /the proxy answered 407 Proxy Authentication Required/],
    ["forbids", "403 Filtered", /the proxy answered 403 Filtered/],
  ])("that %s is transient, in words, without the credentials", async (_what, refusal, words) => {
    const { proxy } = await scene({ tls: true, refusal });
    const env = { HTTPS_PROXY: `http://user:geheim@127.0.0.1:${proxy.port}` };
    const outcome = await attempt({ url: "https://crm.test/leads", env });
    expect(outcome).toMatchObject({ code: "destination_connect", class: "transient" });
    expect(JSON.stringify(outcome)).toMatch(words);
    expect(JSON.stringify(outcome)).not.toContain("geheim");
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from("user:geheim").toString("base64")}`]);
  });

  it("that is not there, or of a kind that is not spoken here, is transient and says so", async () => {
    const url = "https://crm.test/leads";
    const dead = await startConnectProxy({ target: { host: "127.0.0.1", port: 1 } });
    await dead.close();
    expect(await attempt({ url, env: { HTTPS_PROXY: `http://127.0.0.1:${dead.port}` } })).toMatchObject({
      code: "destination_connect",
      message: expect.stringContaining("the proxy: ") as string,
    });
    const socks = await attempt({ url, env: { ALL_PROXY: "socks5://user:geheim@10.0.0.1:1080" } });
    expect(socks).toMatchObject({ code: "destination_connect" });
    expect(JSON.stringify(socks)).toContain("ALL_PROXY names a proxy of kind socks5");
    expect(JSON.stringify(socks)).not.toContain("geheim");
  });
});

describe("NO_PROXY", () => {
  it.each([
    ["crm.test", "crm.test", 443, true],
    ["crm.test", "api.crm.test", 443, true],
    [".crm.test", "crm.test", 443, true],
    ["*.crm.test", "api.crm.test", 443, true],
    ["crm.test", "othercrm.test", 443, false],
    ["CRM.test", "crm.TEST.", 443, true],
    ["a.test, crm.test", "crm.test", 443, true],
    ["a.test crm.test", "crm.test", 443, true],
    ["crm.test:8443", "crm.test", 8443, true],
    ["crm.test:8443", "crm.test", 443, false],
    ["10.0.0.0/8", "10.1.2.3", 443, true],
    ["10.0.0.0/8", "11.1.2.3", 443, false],
    ["192.168.0.7", "192.168.0.7", 443, true],
    ["fd00::/8", "fd12::1", 443, true],
    ["[::1]:8080", "::1", 8080, true],
    ["::1", "0:0:0:0:0:0:0:1", 443, true],
    ["10.0.0.0/33", "10.1.2.3", 443, false],
    ["*", "crm.test", 443, true],
    ["", "crm.test", 443, false],
  ])("%j: whether %s on port %i is reached without a proxy: %s", (noProxy, hostname, port, isExempt) => {
    const rules = proxyRulesOf({ HTTPS_PROXY: "http://proxy.test:3128", NO_PROXY: noProxy });
    const { kind } = choiceFor(rules, { hostname, port, secure: true });
    expect(kind).toBe(isExempt ? "direct" : "proxy");
  });

  it("in lower case wins, and an empty variable counts as not set", () => {
    const rules = proxyRulesOf({ https_proxy: "proxy.test:3128", no_proxy: "a.test", NO_PROXY: "b.test" });
    const kindOf = (hostname: string) => choiceFor(rules, { hostname, port: 443, secure: true }).kind;
    expect([kindOf("a.test"), kindOf("b.test")]).toEqual(["direct", "proxy"]);
    expect(proxyRulesOf({ HTTPS_PROXY: "" }).https).toEqual({ kind: "direct" });
    expect(proxyRulesOf({ HTTPS_PROXY: "http://proxy.test:80" }).https).toMatchObject({
      proxy: { port: 80 },
    });
    expect(proxyRulesOf({ HTTPS_PROXY: "https://proxy.test" }).https).toMatchObject({
      proxy: { port: 443, secure: true },
    });
  });
});

describe("ca_file", () => {
  it("vouches for a destination in place of the public authorities, and is read again when it is renewed", async () => {
    const { sink } = await scene({ tls: true });
    const url = `https://crm.test:${sink.port}/leads`;
    const there = { url, addresses: ["127.0.0.1"] };
    expect(await attempt({ ...there, destination: { allowPrivate: true } })).toMatchObject({
      kind: "delivered",
    });
    await writeFile(caFile, "renewal under way");
    expect(await attempt({ ...there, destination: { allowPrivate: true } })).toMatchObject({
      code: "destination_tls",
      class: "transient",
      message: expect.stringContaining("holds no certificate in PEM") as string,
    });
    await writeFile(caFile, sinkCa);
    expect(await attempt({ ...there, destination: { allowPrivate: true } })).toMatchObject({
      kind: "delivered",
    });
  });

  it.each([
    ["is missing", "nowhere.pem", "does not exist"],
    ["is a folder", "", "cannot be read (EISDIR)"],
  ])("that %s is a transient failure in words", async (_what, name, words) => {
    const { sink } = await scene({ tls: true });
    const outcome = await attempt({
      url: `https://crm.test:${sink.port}/`,
      addresses: ["127.0.0.1"],
      destination: { allowPrivate: true, caFile: join(folder, name) },
    });
    expect(outcome).toMatchObject({ code: "destination_tls" });
    expect(JSON.stringify(outcome)).toContain(words);
    expect(sink.requests).toHaveLength(0);
  });
});
