// Kinds of destination that speak no HTTP: how their servers are named, and what is made of what these say.
import { describe, expect, it } from "vitest";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { concernsAnother } from "../../../src/kinds/destinations/amqp/answers.ts";
import { amqpFields } from "../../../src/kinds/destinations/amqp/fields.ts";
import { authenticatorOf } from "../../../src/kinds/destinations/nats/authenticator.ts";
import { natsFields } from "../../../src/kinds/destinations/nats/fields.ts";
import { meaningOfState } from "../../../src/kinds/destinations/postgres/sqlstate.ts";
import { loginOf, postgresFields } from "../../../src/kinds/destinations/postgres/fields.ts";
import { preview as previewRow } from "../../../src/kinds/destinations/postgres/transport.ts";
import { keepConnection } from "../../../src/kinds/destinations/kept-connection.ts";
import { rememberRepeats } from "../../../src/kinds/destinations/repeats.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { natsDestination } from "../../support/nats-destination.ts";

async function problemsOf(entry: string): Promise<readonly string[]> {
  const yaml = `destinations:\n  crm: { ${entry} }\n`;
  const loaded = await loadConfiguration({
    path: "/leadledger.yaml",
    env: {},
    kinds: builtInKinds,
    readFile: () => Promise.resolve(Buffer.from(yaml)),
  });
  return loaded.ok ? [] : loaded.problems.map(({ code, path }) => `${code} ${path}`);
}

describe("The address of a server", () => {
  it.each([
    "kind: postgres, table: leads, url: 'postgresql://leads:p%23w@db.example:5432/crm?sslmode=require&channel_binding=require'",
    "kind: postgres, table: leads, user: leads, url: 'postgres://db.example/crm'",
    "kind: postgres, table: leads, user: leads, url: 'postgresql://[2001:db8::1]:6543/crm'",
    "kind: nats, subject: leads.new, url: 'nats://nats.example'",
    "kind: nats, subject: leads.new, credentials: token-of-the-server, url: 'tls://nats.example:4443'",
    "kind: amqp, routing_key: leads, url: 'amqps://u:p@rabbit.example/sales%2Feast'",
    "kind: amqp, routing_key: leads, url: 'amqp://rabbit.example:5673'",
  ])("is taken: %s", async (entry) => {
    expect(await problemsOf(entry)).toEqual([]);
  });

  it.each([
    [
      "kind: postgres, table: leads, user: u, url: 'https://db.example/crm'",
      "text_unfit destinations.crm.url",
    ],
    [
      "kind: postgres, table: leads, user: u, url: 'postgresql://db.example'",
      "text_unfit destinations.crm.url",
    ],
    [
      "kind: postgres, table: leads, user: u, url: 'postgresql://a,b/crm?target_session_attrs=any'",
      "text_unfit destinations.crm.url",
    ],
    [
      "kind: postgres, table: leads, user: u, url: 'postgresql://db.example/crm?sslmode=disable'",
      "text_unfit destinations.crm.url",
    ],
    [
      "kind: postgres, table: leads, url: 'postgresql://u:p#w@db.example/crm'",
      "text_unfit destinations.crm.url",
    ],
    [
      "kind: postgres, table: leads, url: 'postgresql://u:p%w@db.example/crm'",
      "text_unfit destinations.crm.url",
    ],
    ["kind: postgres, table: leads, url: 'postgresql://db.example/crm'", "key_missing destinations.crm"],
    [
      `kind: postgres, user: u, url: 'postgresql://db.example/crm', table: ${"x".repeat(64)}`,
      "text_unfit destinations.crm.table",
    ],
    ["kind: nats, subject: 'leads.*', url: 'nats://nats.example'", "text_unfit destinations.crm.subject"],
    ["kind: nats, subject: 'leads..new', url: 'nats://nats.example'", "text_unfit destinations.crm.subject"],
    ["kind: nats, subject: '$JS.API.x', url: 'nats://nats.example'", "text_unfit destinations.crm.subject"],
    ["kind: nats, subject: leads, url: 'nats://a:4222,b:4222'", "text_unfit destinations.crm.url"],
    [
      "kind: nats, subject: leads, user: u, credentials: token-of-the-server, url: 'nats://nats.example'",
      "text_unfit destinations.crm.credentials",
    ],
    [
      "kind: amqp, routing_key: leads, url: 'amqps://rabbit.example/?heartbeat=1'",
      "text_unfit destinations.crm.url",
    ],
    [
      `kind: amqp, routing_key: ${"x".repeat(256)}, url: 'amqps://rabbit.example/'`,
      "text_unfit destinations.crm.routing_key",
    ],
  ])("or what belongs to it is refused: %s", async (entry, problem) => {
    expect(await problemsOf(entry)).toEqual([problem]);
  });

  it.each([
    ["postgres", postgresFields.url.standIn, "table: leads"],
    ["nats", natsFields.url.standIn, "subject: leads"],
    ["amqp", amqpFields.url.standIn, "routing_key: leads"],
  ])("of kind %s has a stand-in for copies that is taken, too", async (kind, standIn, more) => {
    expect(await problemsOf(`kind: ${kind}, ${more}, url: '${String(standIn)}'`)).toEqual([]);
  });

  it("is read with its credentials, and these are replaced by those beside it", () => {
    const url = "postgresql://J%C3%B6rg:p%23w@DB.example/crm%20x";
    const inUrl = { hostname: "db.example", port: 5432, user: "Jörg", password: "p#w", path: "crm x" };
    expect(loginOf({ url, password: null })).toMatchObject(inUrl);
    expect(loginOf({ url, user: "anna", password: "another" })).toMatchObject({
      user: "anna",
      password: "another",
    });
  });
});

describe("An error of PostgreSQL", () => {
  const columns = ["run_id", "source"];
  it.each([
    ["08006", "destination_error"],
    ["53300", "destination_error"],
    ["57P01", "destination_error"],
    ["57P03", "destination_error"],
    ["40001", "destination_error"],
    ["25006", "destination_error"],
    ["55P03", "destination_error"],
    ["XX000", "destination_error"],
    ["3D000", "destination_configuration"],
    ["3F000", "destination_configuration"],
    ["42501", "destination_configuration"],
    ["42P10", "destination_configuration"],
    ["28000", "destination_auth"],
    ["28P01", "destination_auth"],
    ["22P02", "destination_rejected"],
    ["23503", "destination_rejected"],
    ["23505", "destination_rejected"],
    ["54000", "destination_rejected"],
    ["P0001", "destination_rejected"],
  ])("with SQLSTATE %s is %s, in words that repeat no value of a lead", (code, meant) => {
    const said = { code, message: "Erika", column: undefined, constraint: undefined };
    const { code: found, detail } = meaningOfState(said, columns);
    expect(found).toBe(meant);
    expect(detail).toContain(code);
    if (meant === "destination_rejected") expect(detail).not.toContain("Erika");
  });

  it.each([
    ['"trust" authentication failed', "destination_auth"],
    ['database "nowhere" does not exist', "destination_configuration"],
    ["server_login_retry", "destination_error"],
  ])("that an old PgBouncer says is read by its words: %s", (message, meant) => {
    const said = { code: "08P01", message, column: undefined, constraint: undefined };
    expect(meaningOfState(said, columns).code).toBe(meant);
  });

  it("about a column that no lead fills is the table's fault, about another the lead's", () => {
    const missing = (column: string) =>
      meaningOfState({ code: "23502", message: "", column, constraint: undefined }, columns).code;
    expect([missing("owner"), missing("source")]).toEqual([
      "destination_configuration",
      "destination_rejected",
    ]);
  });
});

describe("Credentials for NATS", () => {
  const seed = "SUAIBDPBAUTWCWBKIO6XHQNINK5FWJW4OHLXC3HQ2KFE4PEJUA44CNHTC4";
  const jwt = `eyJ0eXAiOiJKV1QifQ.eyJqdGkiOiJ4In0.${"s".repeat(86)}`;
  const file = `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
  const proofOf = (own: Parameters<typeof natsDestination>[1]) =>
    authenticatorOf(natsDestination(4222, own))?.("nonce");

  it.each([
    ["a token", { credentials: "a token" }, { auth_token: "a token" }],
    [
      "a seed",
      { credentials: seed },
      { nkey: expect.stringMatching(/^U/) as string, sig: expect.any(String) as string },
    ],
    ["a file", { credentials: file }, { jwt, sig: expect.any(String) as string }],
    ["a file whose line breaks a form has lost", { credentials: file.replaceAll("\n", "") }, { jwt }],
    ["user and password", { user: "u", password: "p" }, { user: "u", pass: "p" }],
    ["user and password in the address", { url: "nats://u:p@nats.example" }, { user: "u", pass: "p" }],
    ["a token in the address", { url: "nats://token@nats.example" }, { auth_token: "token" }],
  ])("may be %s", (_what, own, proof) => {
    expect(proofOf(own)).toMatchObject(proof);
  });
  it("may be none", () => {
    expect(proofOf({})).toBeUndefined();
  });
});

describe("Whether an earlier attempt may have arrived", () => {
  it("is known of those that this process made, and assumed of others", () => {
    let nowMs = 0;
    const repeats = rememberRepeats(() => nowMs);
    const first = repeats.begin("a", 1);
    first.sending();
    nowMs = 10;
    const second = repeats.begin("a", 2);
    second.sending();
    second.refused();
    nowMs = 30;
    expect(repeats.begin("a", 3).delivered()).toBe(30);

    const refused = repeats.begin("b", 1);
    refused.sending();
    refused.refused();
    expect(repeats.begin("b", 2).delivered()).toBeNull();
    expect(repeats.begin("c", 2).delivered()).toBe(Infinity);
    expect(repeats.begin("d", 1).delivered()).toBeNull();
  });
});

describe("A connection that is kept", () => {
  interface Made {
    lose(): void;
    isEnded: boolean;
  }
  function kept() {
    const made: Made[] = [];
    const connection = keepConnection(() => {
      let lose = (): void => undefined;
      const lost = new Promise<void>((resolve) => void (lose = resolve));
      const link: Made = { lose: () => lose(), isEnded: false };
      made.push(link);
      return Promise.resolve({ link, lost, end: () => void (link.isEnded = true) });
    });
    return { made, connection };
  }
  const never = new AbortController().signal;
  const nothing = () => Promise.resolve();

  it("serves all attempts until it is lost", async () => {
    const { made, connection } = kept();
    await Promise.all([connection.use(never, nothing), connection.use(never, nothing)]);
    expect(made).toHaveLength(1);
    made[0]?.lose();
    await Promise.resolve();
    await Promise.resolve();
    await connection.use(never, nothing);
    expect(made.map(({ isEnded }) => isEnded)).toEqual([true, false]);
    await connection.close();
    expect(made.map(({ isEnded }) => isEnded)).toEqual([true, true]);
  });

  it("sends nothing of an attempt that was over before there was a connection", async () => {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => void (open = resolve));
    const ended: string[] = [];
    const connection = keepConnection(async () => {
      await opened;
      return { link: null, lost: new Promise<void>(() => undefined), end: () => void ended.push("end") };
    });
    const over = new AbortController();
    const sent: string[] = [];
    const send = (who: string) => () => Promise.resolve(void sent.push(who));
    const early = connection.use(over.signal, send("early"));
    const late = connection.use(never, send("late"));
    over.abort();
    await expect(early).rejects.toThrow();
    open();
    await late;
    expect(sent).toEqual(["late"]);
    await expect.poll(() => ended).toEqual(["end"]);
  });

  it("serves nothing new after an attempt was left without an answer, but lets others end", async () => {
    const { made, connection } = kept();
    const over = new AbortController();
    let answer = (_text: string): void => undefined;
    const answered = new Promise<string>((resolve) => void (answer = resolve));
    const hanging = connection.use(over.signal, () => new Promise(() => undefined));
    const other = connection.use(never, () => answered);
    await connection.use(never, nothing);
    over.abort();
    await expect(hanging).rejects.toThrow("over");
    expect(made[0]?.isEnded).toBe(false);
    await connection.use(never, nothing);
    expect(made).toHaveLength(2);
    answer("answered");
    expect(await other).toBe("answered");
    await Promise.resolve();
    expect(made[0]?.isEnded).toBe(true);
  });
});

describe("A broker that does not take a message for its size", () => {
  it.each([
    ["message size 3000 is larger than configured max size 2000", 3_000, false],
    ["message size 3000 is larger than configured max size 2000", 300, true],
    ["message size 3000 larger than max size 2000", 300, true],
    ["unknown delivery tag 1", 300, false],
  ])("(%s) says nothing of the others: one of %i bytes", (words, bytes, isAnother) => {
    const fault = new Error(`Channel closed by server: 406 (PRECONDITION-FAILED) with message "${words}"`);
    expect(concernsAnother(fault, bytes)).toBe(isAnother);
  });
});

describe("The preview of a row", () => {
  it("is a comment wherever a lead speaks, also on lines of its own", () => {
    const body = JSON.stringify({ note: "x\nDROP TABLE leads;\r\nSELECT 1" });
    const mapped = { note: "x\nDROP TABLE leads;\r\nSELECT 1" };
    const destination = {
      name: "crm",
      url: "postgresql://u@db.example/crm",
      schema: "public",
      table: "leads",
    } as unknown as Parameters<typeof previewRow>[0];
    const sent = { runId: "01981e6c-7a30-7c41-9c1f-3f1a52f0a6be", attempt: 1, revision: null, body, mapped };
    const { body: shown } = previewRow(destination, sent);
    const [, ...parameters] = shown.split("-- $1");
    const lines = `-- $1${parameters.join("")}`.split(/\r\n?|\n/);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => !line.startsWith("--"))).toEqual([]);
  });
});
