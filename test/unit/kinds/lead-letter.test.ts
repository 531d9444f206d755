// The mail that people read about a lead.
import { describe, expect, it } from "vitest";
import { deliveryBody } from "../../../src/domain/destinations/delivery-body.ts";
import { plainReading } from "../../../src/domain/leads/lead-reading.ts";
import type { EmailDestination } from "../../../src/kinds/destinations/email/fields.ts";
import { mailAbout } from "../../../src/kinds/destinations/email/mail.ts";
import { emailDestination } from "../../support/email-destination.ts";

const runId = "01939c8e-0000-7000-8000-000000000001";
const surroundings = { publicUrl: "https://leads.example", timezone: "Europe/Berlin" };

async function mail(data: object, own: Partial<EmailDestination> = {}, more: object = {}) {
  const body = deliveryBody({
    runId,
    source: "website",
    receivedAt: new Date("2026-07-15T12:00:00Z"),
    revision: null,
    leadJson: JSON.stringify(data),
    reading: plainReading,
    ...more,
  });
  const message = { runId, attempt: 1, revision: null, body };
  const { raw, ...envelope } = await mailAbout(emailDestination(25, own), message, surroundings);
  return { ...envelope, text: raw.toString("latin1") };
}

/** Of the part with that type, decoded. */
function part(raw: string, type: string): string {
  const begin = raw.indexOf(`Content-Type: ${type}`);
  const [head = "", ...rest] = raw.slice(begin).split("\r\n\r\n");
  const content = rest.join("\r\n\r\n").split(/\r\n--/)[0] ?? "";
  if (/base64/i.test(head)) return Buffer.from(content, "base64").toString("utf8");
  const unfolded = content
    .replaceAll("=\r\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return /quoted-printable/i.test(head) ? Buffer.from(unfolded, "latin1").toString("utf8") : content;
}

const anna = {
  Anrede: "Frau",
  Vorname: "Anna",
  Nachname: "Müller",
  "E-Mail": "anna@müller.example",
  Telefon: "0171 1234567",
  Produkt: "Solaranlage",
  Nachricht: "Bitte um Rückruf\nab 17 Uhr",
  "Wie groß ist Ihr Dach?": "80 m²",
  keller: true,
  utm_source: "google",
};

describe("the mail about a lead", () => {
  it("says in its headers whom and what it is about, is the same for each attempt, and is answered to the lead", async () => {
    const { text, from, to } = await mail(anna, { language: "de" });
    expect(text).toContain(`Message-ID: <${runId}.crm@example.test>\r\n`);
    expect(text).toContain("Date: Wed, 15 Jul 2026 12:00:00 +0000\r\n");
    expect(text).toContain("Auto-Submitted: auto-generated\r\n");
    expect(text).toContain("X-Auto-Response-Suppress: All\r\n");
    expect(text).toContain("From: Leads <leads@example.test>\r\n");
    expect(text).toMatch(/^Reply-To: =\?UTF-8\?Q\?Anna_M=C3=BCller\?= <anna@xn--mller-kva\.example>\r$/m);
    expect(text).toMatch(/^Subject: =\?UTF-8\?Q\?Neuer_Lead/m);
    expect([from, to]).toEqual(["leads@example.test", ["sales@example.test"]]);
    expect((await mail(anna, { language: "de" })).text).toBe(text);
  });

  it("shows contact, concern and every answer, with links to mail, to call and to open it", async () => {
    const { text } = await mail(anna, { language: "de" });
    const html = part(text, "text/html");
    expect(html).toContain('<a href="mailto:anna@xn--mller-kva.example"');
    expect(html).toContain('<a href="tel:+491711234567"');
    expect(html).toContain("Bitte um Rückruf<br>");
    expect(html).toContain(`href="https://leads.example/leads/${runId}"`);
    const plain = part(text, "text/plain");
    expect(plain).toContain("Wie groß ist Ihr Dach? 80 m²");
    expect(plain).toContain("Keller: Ja");
    expect(plain).toContain("Eingegangen: 15. Juli 2026, 14:00 Uhr");
    expect(plain).toContain("Herkunft: google");
    // What stands above is not said twice.
    expect(plain.match(/anna@müller\.example/g)).toHaveLength(1);
    expect(plain).not.toContain("utm");
  });

  it("lets nothing that a lead says become a header or markup", async () => {
    const evil = {
      name: "Eve\r\nBcc: all@example.test\r\n\r\n<script>alert(1)</script>",
      email: "eve@example.test",
      message: "<img src=x onerror=alert(1)> & {{/lead/email}} \u202egnp.exe",
      "<b>question</b>": '"><a href="https://evil.example">here</a>',
    };
    for (const own of [
      {},
      { subject: "{{/lead/name}}", html: "<p title='{{/lead/message}}'>{{/lead/name}}</p>" },
    ]) {
      const { text, to } = await mail(evil, own);
      expect(text.split("\r\n\r\n", 1)[0]).not.toMatch(/^Bcc:/im);
      expect(to).toEqual(["sales@example.test"]);
      const html = part(text, "text/html");
      expect(html).not.toMatch(/<script|<img|<b>|evil\.example">here|\u202e/);
      expect(html).toContain("&lt;img src=x onerror=alert(1)&gt; &amp; {{/lead/email}}");
      expect(html).not.toContain("eve@example.test}}");
    }
  });

  it("leaves an address out of its headers that not every server can take, and cuts a subject", async () => {
    const { text } = await mail({ name: "x".repeat(5_000), email: "jörg@example.test" });
    expect(text).not.toMatch(/^Reply-To/m);
    const subject = /^Subject: (.*(?:\r\n .*)*)/m.exec(text)?.[1] ?? "";
    expect(subject.length).toBeLessThan(200);
    expect(part(text, "text/plain")).toContain("jörg@example.test");
  });

  it("is what somebody wrote who wants another text", async () => {
    const { text } = await mail(anna, {
      subject: "{{/lead/name|upper}}",
      text: "{{/lead/name}}\n<{{/link}}>",
    });
    expect(text).toMatch(/^Subject: =\?UTF-8\?Q\?ANNA_M=C3=9CLLER\?=\r$/m);
    expect(part(text, "text/plain")).toBe(`Anna Müller\r\n<https://leads.example/leads/${runId}>`);
    expect(part(text, "text/html")).toContain("Anna Müller<br>\r\n&lt;https://leads.example");
  });

  it("says that it is a change, or of somebody who asked before", async () => {
    const changed = await mail(anna, {}, { revision: 2 });
    expect(part(changed.text, "text/plain")).toContain("Changed lead: Frau Anna Müller");
    const again = await mail(anna, {}, { samePerson: { run_id: "r-1", by: "email" } });
    expect(part(again.text, "text/plain")).toContain("https://leads.example/leads/r-1");
  });

  it("brings kept files where that is wanted", async () => {
    const file = { name: "../cv.pdf", type: "application/pdf", size_bytes: 3, sha256: "0", base64: "YWJj" };
    const without = await mail({ email: "a@example.test", cv: file });
    expect(without.text).not.toContain("YWJj");
    expect(part(without.text, "text/plain")).toContain("Cv: ../cv.pdf (1 kB)");
    const { text } = await mail({ email: "a@example.test", cv: file }, { attachFiles: true });
    expect(text).toContain("Content-Disposition: attachment; filename=.._cv.pdf");
    expect(text).toContain("YWJj");
  });
});
