// A form of a website, sent by visitors' browsers themselves: where they go afterwards, what scripts of other websites may,
// what becomes of spam and of files, and what people read when something goes wrong (docs/*/website-forms.md).
import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { testRootKeyHex } from "../support/app.ts";
import { useApiScene } from "../support/api-scene.ts";
import { useCommandLine } from "../support/command-line.ts";
import { nodeRequest } from "../support/node-request.ts";
import { until } from "../support/until.ts";
import { answerOf } from "../support/webhook-client.ts";
import type { Answer } from "../support/webhook-client.ts";

const website = "https://www.example.com";
const browserHeaders = {
  origin: website,
  referer: `${website}/kontakt`,
  accept: "text/html,application/xhtml+xml,*/*;q=0.8",
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64)",
};

describe("a website form", () => {
  const scene = useApiScene(() => ({ trustProxy: ["127.0.0.1"] }));
  const commandLine = useCommandLine();
  let sent = 0;

  beforeAll(async () => {
    const origins = [website, "https://*.example.org"];
    await make("kontakt", { origins, thank_you: "/danke", honeypot: "betreff_2" });
    await make("plain", { origins, honeypot: "betreff_2", body_limit: "100kB" });
    await make("opened", { body_limit: "100kB" });
    await make("anywhere", { thank_you: "/danke?von=uns" });
    await make("limited", { origins, address_limit: "2/h" });
    await make("keeping", { files: "keep", file_limit: "1kB" });
    await make("strict", { rate_limit: "1/h" });
  });

  async function make(name: string, entry: Record<string, unknown>): Promise<void> {
    const made = await scene.api.post("/sources", { name, kind: "form", to: [], ...entry });
    expect(made.json["problems"] ?? made.status).toBe(201);
    await until(`the node to know ${name}`, async () => {
      const asked = await fetch(`${scene.app.url}/webhook/lead/${name}`, {
        headers: { accept: "text/html" },
      });
      return (await asked.text()).includes("<!doctype html>");
    });
  }

  interface Posting {
    readonly to?: string;
    readonly fields?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | FormData | URLSearchParams;
  }

  async function post({ to = "kontakt", fields = {}, headers = {}, body }: Posting = {}): Promise<Answer> {
    sent += 1;
    const form = new URLSearchParams({ name: "Jürgen Groß", email: `b${sent}@example.com`, ...fields });
    const response = await fetch(`${scene.app.url}/webhook/lead/${to}`, {
      method: "POST",
      redirect: "manual",
      headers: { "x-forwarded-for": `203.0.113.${(sent % 250) + 1}`, ...browserHeaders, ...headers },
      body: body ?? form,
    });
    return answerOf(response);
  }

  const runs = async (source: string): Promise<number> =>
    (await scene.query<{ n: number }>("SELECT count(*)::int AS n FROM runs WHERE source = $1", [source]))[0]
      ?.n ?? 0;
  const kept = (source: string) =>
    scene.query<{ error_code: string; quarantine_id: string }>(
      "SELECT error_code, quarantine_id FROM internal.quarantine WHERE source = $1 ORDER BY received_at",
      [source],
    );
  const lastBody = async (source: string): Promise<Record<string, unknown>> => {
    const [last] = await scene.query<{ body: Record<string, unknown> }>(
      `SELECT payload -> 'body' AS body FROM audit_events JOIN runs USING (run_id)
       WHERE event_type = 'lead_received' AND runs.source = $1 ORDER BY event_time DESC LIMIT 1`,
      [source],
    );
    return last?.body ?? {};
  };

  it("leads the visitor to the thank-you page of the website it is on, and again when it is sent twice", async () => {
    const fields = { email: "zweimal@example.com" };
    const first = await post({ fields });
    expect([first.status, first.headers.get("location")]).toEqual([303, `${website}/danke`]);
    const again = await post({ fields });
    expect([again.status, again.headers.get("location")]).toEqual([303, `${website}/danke`]);
    expect(await runs("kontakt")).toBe(1);
    expect(await lastBody("kontakt")).toMatchObject({ name: "Jürgen Groß", email: "zweimal@example.com" });
  });

  it.each([
    ["/danke-messe", `${website}/danke-messe`],
    [`${website}/a?b=c#d`, `${website}/a?b=c#d`],
    ["https://shop.example.org/danke", "https://shop.example.org/danke"],
    ["https://elsewhere.example/", `${website}/danke`],
    ["//elsewhere.example/", `${website}/danke`],
    ["https:elsewhere.example", `${website}/danke`],
    ["http://www.example.com/danke", `${website}/danke`],
    ["https://example.org/danke", `${website}/danke`],
    ["mailto:a@example.com", `${website}/danke`],
    ["danke", `${website}/danke`],
    ["", `${website}/danke`],
  ])("a form may name another page on the websites of the list alone: %s", async (named, location) => {
    const answer = await post({ fields: { _thank_you: named } });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, location]);
  });

  it("without a list of websites a page is a path of its own host", async () => {
    const plain = await post({ to: "anywhere" });
    expect([plain.status, plain.headers.get("location")]).toEqual([303, "/danke?von=uns"]);
    const named = await post({ to: "anywhere", fields: { _thank_you: "https://elsewhere.example/" } });
    expect(named.headers.get("location")).toBe("/danke?von=uns");
    expect((await post({ to: "anywhere", fields: { _thank_you: "/b" } })).headers.get("location")).toBe("/b");
  });

  it("shows a page in the visitor's language where there is no thank-you page", async () => {
    const german = await post({ to: "plain", headers: { "accept-language": "de-AT,de;q=0.9,en;q=0.5" } });
    expect([german.status, german.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(german.text).toContain('<html lang="de">');
    expect(german.text).toContain("Vielen Dank");
    expect(german.headers.get("referrer-policy")).toBe("no-referrer");
    expect(german.text).toContain("https://www.example.com/kontakt");
    const french = await post({ to: "plain", headers: { "accept-language": "fr" } });
    expect(french.text).toContain("Thank you");
    const asked = await fetch(`${scene.app.url}/webhook/lead/plain`, { headers: { accept: "text/html" } });
    expect([asked.status, asked.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await asked.text()).toContain("Nothing was sent");
  });

  it("counts as refused what was sent, not who opens the address in a browser", async () => {
    const tooLarge = await post({ to: "opened", fields: { text: "x".repeat(200_000) } });
    expect(tooLarge.status).toBe(413);
    const counted = await until("it is counted", async () => {
      const rows = await scene.query<{ error_code: string }>(
        "SELECT error_code FROM internal.denied_requests WHERE source = 'opened'",
      );
      return rows.length > 0 && rows.map(({ error_code: code }) => code);
    });
    // The page was opened before, when the source was made.
    expect(counted).toEqual(["body_too_large"]);
  });

  it("answers scripts in JSON, which those of the listed websites alone can read", async () => {
    const script = { accept: "*/*", "sec-fetch-mode": "cors" };
    const answer = await post({ headers: script });
    expect([answer.status, answer.json["status"]]).toEqual([202, "accepted"]);
    expect(answer.headers.get("access-control-allow-origin")).toBe(website);
    expect(answer.headers.get("vary")).toBe("Origin");
    const foreign = await post({ headers: { ...script, origin: "https://elsewhere.example" } });
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
    const anywhere = await post({ to: "anywhere", headers: script });
    expect(anywhere.headers.get("access-control-allow-origin")).toBe("*");
    // What was refused can be read as well.
    const broken = await post({ headers: { ...script, "content-type": "application/json" }, body: "{" });
    expect([broken.status, broken.json["code"], broken.headers.get("access-control-allow-origin")]).toEqual([
      422,
      "json_malformed",
      website,
    ]);
  });

  it("tells a browser before a script sends whether it may, for this kind alone", async () => {
    const ask = (path: string, origin: string) =>
      nodeRequest({
        port: scene.app.app.port,
        path,
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type",
        },
      });
    const may = await ask("/webhook/lead/kontakt", website);
    expect([may.status, may.headers["access-control-allow-origin"]]).toEqual([204, website]);
    expect(may.headers["access-control-allow-headers"]).toContain("Content-Type");
    const mayNot = await ask("/webhook/lead/kontakt", "https://elsewhere.example");
    expect([mayNot.status, mayNot.headers["access-control-allow-origin"]]).toEqual([403, undefined]);
    await scene.api.post("/sources", { name: "other", auth: { kind: "token" }, to: [] });
    await until("the node to know it", async () => {
      const { json } = await post({ to: "other", headers: { accept: "*/*" } });
      return json["code"] === "credentials_missing";
    });
    const another = await ask("/webhook/lead/other", website);
    expect([another.status, another.headers["access-control-allow-origin"]]).toEqual([405, undefined]);
  });

  it("takes a beacon, as text, as a form or as JSON", async () => {
    const before = await runs("kontakt");
    const headers = { accept: "*/*", "content-type": "text/plain;charset=UTF-8" };
    const bodies = [
      "name=J%C3%BCrgen+Gro%C3%9F&email=beacon1%40example.com",
      '{"name":"Jürgen Groß","email":"beacon2@example.com"}',
      "name=Jürgen Groß\r\nemail=beacon3@example.com\r\nnachricht=Zeile 1\r\nZeile 2 & mehr\r\n",
    ];
    for (const body of bodies) {
      expect((await post({ headers, body })).status).toBe(202);
      expect(await lastBody("kontakt")).toMatchObject({ name: "Jürgen Groß" });
    }
    expect(await lastBody("kontakt")).toEqual({
      name: "Jürgen Groß",
      email: "beacon3@example.com",
      nachricht: "Zeile 1\r\nZeile 2 & mehr",
    });
    expect(await runs("kontakt")).toBe(before + bodies.length);
  });

  it("puts what fell into the trap aside, answers as ever, and makes a lead of it when a person says so", async () => {
    const before = await runs("kontakt");
    const fields = { email: "mensch@example.com", betreff_2: "buy now" };
    const caught = await post({ fields });
    expect([caught.status, caught.headers.get("location")]).toEqual([303, `${website}/danke`]);
    const script = await post({ fields: { betreff_2: "x" }, headers: { accept: "*/*" } });
    expect([script.status, Object.keys(script.json)]).toEqual([202, ["status", "run_id"]]);
    const [item] = await until("both are kept", async () => {
      const items = await kept("kontakt");
      const trapped = items.filter(({ error_code: code }) => code === "spam_honeypot");
      return trapped.length === 2 ? trapped : false;
    });
    expect(await runs("kontakt")).toBe(before);
    const id = item?.quarantine_id ?? "";
    const shown = await scene.api.get(`/quarantine/${id}`);
    expect(shown.json).toMatchObject({ error_code: "spam_honeypot", is_whole: true });
    const explained = await scene.api.get("/error-codes/spam_honeypot");
    expect(explained.json["title"]).toContain("spam");
    commandLine.env = { DATABASE_URL: scene.database.url, LEADLEDGER_KEY: testRootKeyHex };
    const listed = await commandLine.run("--lang", "de", "quarantine", "list", "--source", "kontakt");
    expect(listed.stdout).toContain("Vermutlich Spam: Das versteckte Feld war ausgefüllt");
    const released = await scene.api.post(`/quarantine/${id}/release`, { reason: "ein Mensch" });
    expect(released).toMatchObject({ status: 200, json: { result: "accepted" } });
    expect(await runs("kontakt")).toBe(before + 1);
    expect(await lastBody("kontakt")).toMatchObject({ email: "mensch@example.com" });
    const [day] = await scene.query<{ released: number; kept: number }>(
      "SELECT kept::int, released::int FROM internal.quarantine_daily WHERE source = 'kontakt'",
    );
    expect(day).toMatchObject({ released: 1 });
    const denied = await scene.query("SELECT 1 FROM internal.denied_requests WHERE error_code LIKE 'spam%'");
    expect(denied).toEqual([]);
  });

  it("takes haste for spam only together with links, and a page that hides where it is for none", async () => {
    const before = await runs("plain");
    const taken = [
      { fields: { _fill_ms: "3" } },
      { fields: { _fill_ms: "3", website: "https://a.example", text: "Siehe https://b.example bitte" } },
      { fields: { _fill_ms: "9000", text: "https://a.example und https://b.example" } },
      { fields: { text: "https://a.example und https://b.example" } },
      { headers: { origin: "null" } },
      { fields: { betreff_2: " " } },
    ];
    for (const each of taken) await post({ to: "plain", ...each });
    expect(await runs("plain")).toBe(before + taken.length);
    await post({ to: "plain", fields: { _fill_ms: "3", text: "http://a.example http://b.example" } });
    await post({ to: "plain", headers: { origin: "https://elsewhere.example" } });
    await until("both are kept", async () => (await kept("plain")).length === 2);
    expect((await kept("plain")).map(({ error_code: code }) => code)).toEqual(["spam_haste", "spam_origin"]);
    expect(await runs("plain")).toBe(before + taken.length);
  });

  it("limits what one address sends, but not a server that sends for everybody", async () => {
    const from = (address: string, headers: Record<string, string> = {}): Promise<Answer> =>
      post({ to: "limited", headers: { "x-forwarded-for": address, ...headers } });
    for (let form = 0; form < 4; form += 1) expect((await from("2001:db8::1")).status).toBe(200);
    expect(await runs("limited")).toBe(2);
    // Another address of the same network; nothing of it is kept.
    const more = await from("2001:db8::ffff", { "accept-language": "de" });
    expect([more.status, more.headers.get("retry-after")]).toEqual([429, "600"]);
    expect(more.text).toContain("in 10 Minuten");
    await until("two are kept", async () => (await kept("limited")).length === 2);
    expect((await from("2001:db8:0:1::1")).status).toBe(200);
    for (let form = 0; form < 5; form += 1) {
      sent += 1;
      const answer = await nodeRequest({
        port: scene.app.app.port,
        path: "/webhook/lead/limited",
        method: "POST",
        headers: {
          "user-agent": "WordPress/6.1; https://www.example.com",
          "content-type": "application/x-www-form-urlencoded",
          "x-forwarded-for": "198.51.100.7",
        },
        body: `email=wp${sent}%40example.com`,
      });
      expect(answer.status).toBe(202);
    }
    expect(await runs("limited")).toBe(8);
  });

  it("describes files, or keeps them up to a size", async () => {
    const content = "%PDF-1.7 Grüße";
    const sha256 = createHash("sha256").update(content).digest("hex");
    const withFiles = (): FormData => {
      const body = new FormData();
      body.append("email", `files${(sent += 1)}@example.com`);
      body.append("cv", new Blob([content], { type: "application/pdf" }), "Lebenslauf März.pdf");
      body.append("cv", new Blob(["x".repeat(2_000)]), "groß.bin");
      return body;
    };
    await post({ to: "plain", body: withFiles() });
    const told = { filename: "Lebenslauf März.pdf", content_type: "application/pdf", size_bytes: 16, sha256 };
    const described = (await lastBody("plain"))["cv"] as Record<string, unknown>[];
    expect(described[0]).toEqual(told);
    expect(described[1]).not.toHaveProperty("base64");
    await post({ to: "keeping", body: withFiles() });
    const kept = (await lastBody("keeping"))["cv"] as Record<string, unknown>[];
    expect(kept[0]).toEqual({ ...told, base64: Buffer.from(content).toString("base64") });
    expect(kept[1]).toMatchObject({ filename: "groß.bin", size_bytes: 2_000 });
    expect(kept[1]).not.toHaveProperty("base64");
  });

  it("tells a visitor in words what went wrong, and a script in problem details", async () => {
    const large = { body: new URLSearchParams({ text: "x".repeat(120_000) }), to: "plain" };
    const tooLarge = await post({ ...large, headers: { "accept-language": "de" } });
    expect([tooLarge.status, tooLarge.text.includes("zu groß")]).toEqual([413, true]);
    const script = await post({ ...large, headers: { accept: "application/json" } });
    expect(script.json["code"]).toBe("body_too_large");
    expect(script.headers.get("access-control-allow-origin")).toBe(website);
    await post({ to: "strict" });
    const later = await post({ to: "strict" });
    expect([later.status, later.text.includes("try again")]).toEqual([429, true]);
    const xml = { body: "<a/>", headers: { "content-type": "application/xml", "accept-language": "de" } };
    expect((await post(xml)).text).toContain("Mit diesem Formular stimmt etwas nicht");
    const empty = await post({ body: new URLSearchParams(), headers: { "accept-language": "de" } });
    expect([empty.status, empty.text.includes("Ihre Nachricht ist da")]).toEqual([422, true]);
  });

  it("asks for a token where there is one, as a server can send it", async () => {
    await make("guarded", { token: "a-token-of-the-form-4711" });
    const by = (headers: Record<string, string>) => post({ to: "guarded", headers });
    expect((await by({ accept: "*/*" })).json["code"]).toBe("credentials_missing");
    expect((await by({ accept: "*/*", authorization: "Bearer x" })).json["code"]).toBe("credentials_wrong");
    expect((await by({ "accept-language": "de" })).text).toContain("Mit diesem Formular stimmt etwas nicht");
    expect((await by({ authorization: "Bearer a-token-of-the-form-4711" })).status).toBe(200);
    for (const to of ["guarded/a-token-of-the-form-4711", "guarded?token=a-token-of-the-form-4711"])
      expect((await post({ to })).status).toBe(200);
    expect(JSON.stringify((await scene.api.get("/sources/guarded")).json)).not.toContain("4711");
  });

  it("says in the configuration what is no website and no page", async () => {
    const refused = await scene.api.post("/sources", {
      name: "wrong",
      kind: "form",
      to: [],
      origins: ["www.example.com", `${website}/kontakt`, website],
      thank_you: "//elsewhere.example",
    });
    const problems = refused.json["problems"] as { code: string; place: string }[];
    expect(problems.map(({ code, place }) => `${place}: ${code}`)).toEqual([
      "origins[0]: text_unfit",
      "origins[1]: text_unfit",
      "thank_you: text_unfit",
    ]);
  });
});
