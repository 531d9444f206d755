// The server speaks TLS with a certificate of one's own, and takes up a renewed one without a restart.
import { once } from "node:events";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import type { IncomingMessage } from "node:http";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { TlsError } from "../../src/runtime/tls-files.ts";
import { makeUser, testPassword } from "../support/accounts.ts";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import type { FreshDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

const fixtures = join(import.meta.dirname, "../support/tls");
const fixture = (name: string, kind: "cert" | "key"): string => join(fixtures, `${name}.${kind}.pem`);

describe("With certificate files the server", () => {
  let database: FreshDatabase;
  let folder: string;
  let paths: { certPath: string; keyPath: string };
  let app: TestApp | null;
  beforeEach(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
    folder = await mkdtemp(join(tmpdir(), "leadledger-tls-"));
    paths = { certPath: join(folder, "cert.pem"), keyPath: join(folder, "key.pem") };
    app = null;
    await install("crm.test");
  });
  afterEach(async () => {
    await app?.stop();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  const install = async (name: string): Promise<void> => {
    await copyFile(fixture(name, "key"), paths.keyPath);
    await copyFile(fixture(name, "cert"), paths.certPath);
  };
  const start = async (): Promise<TestApp> =>
    (app = await startTestApp(database, { sources: [testSource("website")] }, { tls: paths }));

  it("takes leads and signs people in over TLS, with a cookie that is Secure", async () => {
    const { app: node, installation } = await start();
    expect(node.scheme).toBe("https");
    const lead = await ask(node.port, "crm.test", "/webhook/lead/website", {
      body: '{"name":"Erika"}',
      headers: { "idempotency-key": "1" },
    });
    expect({ status: lead.status, text: lead.text }).toEqual({
      status: 202,
      text: expect.stringContaining("accepted") as string,
    });
    expect((await ask(node.port, "crm.test", "/health")).status).toBe(200);
    await makeUser(installation.database, "anna", "admin");
    const login = JSON.stringify({ login: "anna@example.com", password: testPassword });
    const signedIn = await ask(node.port, "crm.test", "/api/v1/session", { body: login });
    expect(signedIn.status).toBe(201);
    expect(signedIn.message.headers["set-cookie"]?.[0]).toMatch(/; Secure$/);
  });

  it(
    "takes up a renewed certificate by itself, and keeps the old one while the new files do not fit",
    { tags: "thorough" },
    async () => {
      const { app: node, log } = await start();
      expect((await ask(node.port, "crm.test", "/livez")).certificateOf).toBe("crm.test");
      await copyFile(fixture("renewed.test", "cert"), paths.certPath);
      await until("the files to be looked at", () =>
        log.some(({ event, fields }) => event === "task_failed" && fields["task"] === "certificate"),
      );
      expect((await ask(node.port, "crm.test", "/livez")).certificateOf).toBe("crm.test");
      await install("renewed.test");
      await until("the new certificate", () => log.some(({ event }) => event === "certificate_renewed"));
      expect((await ask(node.port, "renewed.test", "/livez")).certificateOf).toBe("renewed.test");
      await until("the task to be well again", async () =>
        (await ask(node.port, "renewed.test", "/health")).text.includes('"status":"ok"'),
      );
    },
  );

  it("closes a connection that does not speak TLS, and goes on", async () => {
    const { app: node, log } = await start();
    const socket = createConnection(node.port, "127.0.0.1");
    const heard: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => void heard.push(chunk)).on("error", () => undefined);
    socket.write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket, "close");
    expect(Buffer.concat(heard).toString("latin1")).not.toContain("HTTP/1.1");
    expect((await ask(node.port, "crm.test", "/livez")).status).toBe(200);
    expect(log.filter(({ level }) => level === "error")).toEqual([]);
  });

  it.each([
    ["tls_file_unreadable", "cert.pem cannot be read (ENOENT)", () => rm(paths.certPath)],
    ["tls_certificate_malformed", "cert.pem holds no certificate", () => writeFile(paths.certPath, "x")],
    ["tls_key_malformed", "key.pem holds no private key", () => writeFile(paths.keyPath, "x")],
    ["tls_key_differs", "is not the key of", () => copyFile(fixture("renewed.test", "key"), paths.keyPath)],
  ])("does not start on files that cannot work: %s", async (code, said, spoil) => {
    await spoil();
    const failure: unknown = await start().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TlsError);
    expect(failure).toMatchObject({ code, message: expect.stringContaining(said) as string });
    expect(String(failure)).not.toContain("BEGIN");
  });
});

interface TlsAnswer {
  readonly status: number;
  readonly text: string;
  readonly message: IncomingMessage;
  /** The name that the server's certificate is for. */
  readonly certificateOf: string;
}

/** Believes in nothing but the certificate of that name. */
async function ask(
  port: number,
  name: string,
  path: string,
  { body, headers = {} }: { readonly body?: string; readonly headers?: Record<string, string> } = {},
): Promise<TlsAnswer> {
  const sent = request({
    host: "127.0.0.1",
    port,
    path,
    method: body === undefined ? "GET" : "POST",
    agent: false,
    servername: name,
    ca: readFileSync(fixture(name, "cert")),
    headers: {
      host: name,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
  });
  sent.end(body);
  const [message] = (await once(sent, "response")) as [IncomingMessage];
  if (!(message.socket instanceof TLSSocket)) throw new Error("not over TLS");
  const certificateOf = message.socket.getPeerCertificate().subjectaltname?.replace("DNS:", "");
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return { status: message.statusCode ?? 0, text, message, certificateOf: String(certificateOf) };
}
