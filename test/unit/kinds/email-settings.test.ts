// What is written about a destination of kind `email`, and what is said about mistakes in it.
import { describe, expect, it } from "vitest";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { parseMailbox } from "../../../src/domain/values/mailbox.ts";
import { formatSmtpServer, parseSmtpServer } from "../../../src/kinds/destinations/email/smtp-server.ts";
import { rendered, templateFault } from "../../../src/kinds/destinations/email/template.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";

async function load(entry: string) {
  const yaml = `destinations:\n  sales: { kind: email, ${entry} }\n`;
  return loadConfiguration({
    path: "/leadledger.yaml",
    env: {},
    kinds: builtInKinds,
    readFile: () => Promise.resolve(Buffer.from(yaml)),
  });
}

describe("a destination of kind email in leadledger.yaml", () => {
  it("needs a server, a sender and somebody who gets the leads", async () => {
    const loaded = await load("smtp: smtp.example.com, from: leads@example.com, to: [sales@example.com]");
    expect(loaded).toMatchObject({ ok: true });
    expect(loaded.ok && loaded.configuration.destinations[0]).toMatchObject({
      server: "smtp.example.com:587",
      security: "auto",
      to: ["sales@example.com"],
      password: null,
      concurrency: 2,
      timeoutMs: 60_000,
    });
    expect(await load("smtp: smtp.example.com")).toMatchObject({ ok: false });
  });

  it("takes user and password out of an address, and shows neither with it", async () => {
    const loaded = await load(
      '"smtp": "smtp://leads%40example.com:p%3Aw@mail.example.com:2525", from: a@example.com, to: [b@example.com]',
    );
    expect(loaded.ok && loaded.configuration.destinations[0]).toMatchObject({
      server: "mail.example.com:2525",
      user: "leads@example.com",
      password: "p:w",
    });
  });

  it.each([
    ["smtp: 'https://smtp.example.com'", "smtp"],
    ["smtp: 'smtp.example.com/x'", "smtp"],
    ["from: 'nobody'", "from"],
    ["from: 'a@example.com, b@example.com'", "from"],
    ["to: [a@example.com, 'b@']", "to[1]"],
    ["reply_to: 'x y@example.com'", "reply_to"],
    ["subject: '{{lead/name}}'", "subject"],
    ["text: '{{/lead/name|shout}}'", "text"],
  ])("%s is refused at its place", async (wrong, place) => {
    const given = { smtp: "smtp: mail.example.com", from: "from: a@example.com", to: "to: [b@example.com]" };
    const key = wrong.slice(0, wrong.indexOf(":"));
    const others = Object.entries(given).flatMap(([name, entry]) => (name === key ? [] : [entry]));
    const loaded = await load([wrong, ...others].join(", "));
    expect(loaded).toMatchObject({ ok: false });
    expect(loaded.ok ? [] : loaded.problems.map(({ path }) => path)).toEqual([`destinations.sales.${place}`]);
  });
});

describe("a mail server", () => {
  it.each([
    ["smtp.example.com", "smtp.example.com:587", false],
    ["smtp.example.com:25", "smtp.example.com:25", false],
    ["smtp.example.com:465", "smtp.example.com:465", true],
    ["smtps://smtp.example.com", "smtp.example.com:465", true],
    ["smtps://smtp.example.com:2465", "smtps://smtp.example.com:2465", true],
    ["smtp://127.0.0.1:80", "127.0.0.1:80", false],
    ["[::1]:25", "[::1]:25", false],
  ])("%s is stored as %s", (written, stored, beginsWithTls) => {
    const parsed = parseSmtpServer(written);
    expect(parsed?.beginsWithTls).toBe(beginsWithTls);
    expect(parsed === null ? null : formatSmtpServer(parsed)).toBe(stored);
    expect(parseSmtpServer(stored)).toEqual(parsed);
  });
});

describe("an address", () => {
  it.each([
    ["a@example.com", { name: "", address: "a@example.com" }],
    ["Anna Berg <anna@example.com>", { name: "Anna Berg", address: "anna@example.com" }],
    ['"Berg, Anna" <anna@example.com>', { name: "Berg, Anna", address: "anna@example.com" }],
    ["info@müller.de", { name: "", address: "info@müller.de" }],
    ["a@b.de\r\nBcc: c@d.de", null],
    ["<a@b.de> <c@d.de>", null],
    ["a@b@c.de", null],
    [".a@b.de", null],
  ])("%j", (text, mailbox) => {
    expect(parseMailbox(text)).toEqual(mailbox);
  });
});

describe("a text with places", () => {
  const document = { lead: { name: "Anna <b>", phones: ["+491", "+492"] }, data: { n: 5, yes: true } };
  const context = { document, language: "de" as const, timezone: "Europe/Berlin" };
  const plain = (template: string) => rendered(template, context, (text) => text);

  it.each([
    ["{{/lead/name}}", "Anna <b>"],
    ["{{ /lead/name | upper }}!", "ANNA <B>!"],
    ["{{/lead/phones}}", "+491, +492"],
    ["{{/data/n}}{{/data/yes}}{{/data/nothing}}", "5true"],
    ["{{/data|json}}", '{"n":5,"yes":true}'],
    ["{{ unclosed", "{{ unclosed"],
  ])("%s becomes %s", (template, text) => {
    expect(templateFault(template)).toBeNull();
    expect(plain(template)).toBe(text);
  });

  it("writes moments as people of the language do, in the zone of the reports", () => {
    const at = { ...context, document: { at: "2026-07-15T12:00:00.000Z" } };
    expect(rendered("{{/at|day}} {{/at|time}}", at, (text) => text)).toBe("15. Juli 2026 14:00");
  });
});
