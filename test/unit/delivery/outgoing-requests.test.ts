// Every request that leaves goes through src/outgoing, where addresses are checked, redirects are not followed
// and time and memory are bounded. Whoever adds a way past it meets this test.
import { readdir, readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const source = join(import.meta.dirname, "../../../src");
const guarded = /^outgoing\//;

/** Modules that can open a connection, and what of them cannot. */
const networkModules = ["undici", "http", "https", "http2", "net", "tls", "dns", "dns/promises", "dgram"];
const harmlessNames = new Set([
  "BlockList",
  "createServer",
  "Server",
  "isIP",
  "isIPv4",
  "isIPv6",
  "STATUS_CODES",
]);
/** Names that every file can use without an import. */
const networkGlobals = new Set(["fetch", "WebSocket", "EventSource", "XMLHttpRequest"]);

/** Ways out that are known, each with the reason why it needs no guard. */
const known: Readonly<Record<string, string>> = {
  "cli/frame/api-client.ts: fetch": "a command's calls to the server that its user named with --url",
  "demo/send.ts: fetch": "the demo's senders, who post to this very node",
  "http/http2.ts: http2.constants": "numbers of the protocol, for answers to whoever asks",
  "http/lead-requests.ts: http.validateHeaderName": "of answers that a kind of source words itself",
  "http/lead-requests.ts: http.validateHeaderValue": "as above",
  "http/request-body.ts: http2.constants": "numbers of the protocol, as above",
  "node/own-health.ts: http.request": "a node asks itself how it is, at the address where it listens",
  "node/own-health.ts: https.request": "as above",
};

/**
 * Packages that make no requests of their own; nodemailer and, as a destination, pg speak over sockets that they are given,
 * the former reads no file and no address (`disableFileAccess`, `disableUrlAccess`); otherwise pg speaks to the database
 * alone, whose address the operator gives. amqplib and the clients of NATS open sockets, to addresses that were checked
 * (`Connector.byAddress`). One that is new has to be looked at before it is added here.
 */
const packages = [
  ...["@fastify/busboy", "ajv", "ajv-formats", "cli-progress", "cli-table3", "commander", "fastify"],
  ...[
    "feiertagejs",
    "ipaddr.js",
    "libphonenumber-js",
    "lossless-json",
    "nodemailer",
    "pg",
    "pino",
    "prom-client",
  ],
  ...["@nats-io/jetstream", "@nats-io/transport-node", "amqplib"],
  ...[
    "typebox",
    "undici",
    "uuid",
    "yaml",
    "@fastify/cookie",
    "@fastify/static",
    "@fastify/swagger",
    "@fastify/swagger-ui",
  ],
  ...["@eslint-community/regexpp", "@node-rs/argon2", "csv-parse", "csv-stringify", "rfc6902", "yazl"],
];

describe("an outgoing request", () => {
  it("is made in src/outgoing and nowhere else", async () => {
    const files = await sourceFiles();
    expect(files.length).toBeGreaterThan(100);
    const ways = files.filter(({ name }) => !guarded.test(name)).flatMap(waysOut);
    expect(ways.toSorted()).toEqual(Object.keys(known).toSorted());
  });

  it("is not made by a package that nobody has looked at", async () => {
    const imported = (await sourceFiles()).flatMap(({ tree }) =>
      importsOf(tree).map(({ module }) => packageOf(module)),
    );
    const unknown = new Set(imported.filter((name) => name !== null && !packages.includes(name)));
    expect([...unknown]).toEqual([]);
  });

  it("by a pool connects through the guard", async () => {
    const text = await readFile(join(source, "outgoing/http-client.ts"), "utf8");
    expect(text.match(/new Pool\(/g)).toHaveLength(1);
    expect(text).toContain("connect: guardedConnector(");
  });
});

describe("a client that opens its own sockets", () => {
  it("is given an address that was checked", async () => {
    const clients = ["amqplib", "@nats-io/transport-node"];
    const connecting = (await sourceFiles())
      .filter(({ tree }) =>
        importsOf(tree).some(
          ({ module, imported }) => clients.includes(module) && ["connect", "*"].includes(imported),
        ),
      )
      .map(({ name }) => name);
    expect(connecting).toHaveLength(clients.length);
    for (const name of connecting) {
      const text = await readFile(join(source, name), "utf8");
      expect(text.match(/\bconnect\(/g), name).toHaveLength(1);
      expect(text, name).toMatch(/connector\.byAddress\(\{[^}]*\}, \(address\) =>\s+connect\(/);
    }
  });
});

describe("a way past the guard", () => {
  it.each([
    ['import { request } from "undici";', "undici.request"],
    ['import http from "node:http";', "http.*"],
    ['import * as tls from "tls";', "tls.*"],
    ['import { get } from "https";', "https.get"],
    ['import "node:http2";', "http2.*"],
    ['export { connect } from "node:net";', "net.connect"],
    ['const dns = await import("node:dns/promises");', "dns/promises.*"],
    ['const net = require("node:net");', "net.*"],
    ['await fetch("http://10.0.0.1/");', "fetch"],
    ['await globalThis.fetch("http://10.0.0.1/");', "fetch"],
    ['new WebSocket("ws://10.0.0.1/");', "WebSocket"],
    ["const send = fetch;", "fetch"],
  ])("is seen: %s", (text, way) => {
    expect(waysOut(parsed("x.ts", text))).toEqual([`x.ts: ${way}`]);
  });

  it.each([
    'import type { Socket } from "node:net";',
    'import { isIP } from "node:net";',
    'import { type Server, createServer } from "node:http";',
    "const answer = { fetch: 1 }; export function f(x: { fetch(): void }) { x.fetch(); }",
  ])("is not seen where there is none: %s", (text) => {
    expect(waysOut(parsed("x.ts", text))).toEqual([]);
  });
});

interface SourceFile {
  readonly name: string;
  readonly tree: ts.SourceFile;
}

async function sourceFiles(): Promise<SourceFile[]> {
  const names = await readdir(source, { recursive: true });
  return Promise.all(
    names
      .filter((name) => name.endsWith(".ts"))
      .map(async (name) => parsed(name, await readFile(join(source, name), "utf8"))),
  );
}

function parsed(name: string, text: string): SourceFile {
  return { name, tree: ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true) };
}

function waysOut({ name, tree }: SourceFile): string[] {
  const imports = importsOf(tree)
    .filter(({ module, imported }) => networkModules.includes(module) && !harmlessNames.has(imported))
    .map(({ module, imported }) => `${module}.${imported}`);
  return [...imports, ...globalsOf(tree)].map((way) => `${name}: ${way}`);
}

interface Import {
  /** Without `node:`. */
  readonly module: string;
  /** `*`: all of it. */
  readonly imported: string;
}

function importsOf(tree: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (module: ts.Expression | undefined, names: readonly string[]): void => {
    if (module === undefined || !ts.isStringLiteralLike(module)) return;
    for (const imported of names) found.push({ module: module.text.replace(/^node:/, ""), imported });
  };
  walk(tree, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, namesOfImport(node.importClause));
    else if (ts.isExportDeclaration(node) && !node.isTypeOnly) {
      const clause = node.exportClause;
      const names =
        clause !== undefined && ts.isNamedExports(clause)
          ? clause.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
          : ["*"];
      add(node.moduleSpecifier, names);
    } else if (ts.isCallExpression(node)) {
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === "require";
      if (isRequire || node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], ["*"]);
    }
  });
  return found;
}

function namesOfImport(clause: ts.ImportClause | undefined): string[] {
  if (clause === undefined) return ["*"];
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const bindings = clause.namedBindings;
  const whole = clause.name !== undefined || (bindings !== undefined && ts.isNamespaceImport(bindings));
  const named = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
  return [
    ...(whole ? ["*"] : []),
    ...named
      .filter(({ isTypeOnly }) => !isTypeOnly)
      .map(({ name, propertyName }) => (propertyName ?? name).text),
  ];
}

/** Each global that is used as such: not as a property of something else, nor as a name that is being given. */
function globalsOf(tree: ts.SourceFile): string[] {
  const found = new Set<string>();
  walk(tree, (node) => {
    if (!ts.isIdentifier(node) || !networkGlobals.has(node.text)) return;
    const { parent } = node;
    const ofGlobal =
      ts.isPropertyAccessExpression(parent) &&
      parent.name === node &&
      ["globalThis", "global"].includes(parent.expression.getText(tree));
    const isName =
      (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
      (ts.isPropertyAssignment(parent) && parent.name === node) ||
      ts.isMethodSignature(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isMethodDeclaration(parent);
    if (ofGlobal || !isName) found.add(node.text);
  });
  return [...found];
}

function walk(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  node.forEachChild((child) => walk(child, look));
}

/** null: a file of ours, or a module of node's. */
function packageOf(module: string): string | null {
  if (module.startsWith(".") || builtinModules.includes(module)) return null;
  return module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/");
}
