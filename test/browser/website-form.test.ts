// A real browser sends a website's form: without JavaScript, by fetch from another origin, and by a beacon; from pages in
// UTF-8 and in Windows-1252; and people read what became of it.
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useApiScene } from "../support/api-scene.ts";
import { accessibilityFindings, overflowPx, screenshot, useBrowser } from "../support/browser.ts";
import type { Viewing } from "../support/browser.ts";
import { until } from "../support/until.ts";

const scene = useApiScene(() => ({}));
const browser = useBrowser(scene);
let website: Server;
let address = "";

const visitor = { role: null, expects: /asked another host/ } as const satisfies Viewing;

/** What stands in the pages of the website, by their paths. */
const pages = new Map<string, { readonly charset: "utf-8" | "windows-1252"; readonly html: string }>();

beforeAll(async () => {
  website = createServer((request, response) => {
    const page = pages.get(request.url ?? "") ?? { charset: "utf-8", html: "<h1>Danke</h1>" };
    response.setHeader("content-type", `text/html; charset=${page.charset}`);
    const html = `<!doctype html><html lang="de"><title>Kontakt</title><body><main>${page.html}</main></body></html>`;
    response.end(html, page.charset === "utf-8" ? "utf8" : "latin1");
  });
  await new Promise<void>((resolve) => website.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(website.address() as AddressInfo).port}`;
  await make("kontakt", { origins: [address], thank_you: "/danke", honeypot: "betreff_2" });
  await make("schlicht", { origins: [address], body_limit: "50kB" });
  await make("fremd", { origins: ["https://www.example.com"] });
});
afterAll(() => website.close());

async function make(name: string, entry: Record<string, unknown>): Promise<void> {
  const made = await scene.api.post("/sources", { name, kind: "form", to: [], ...entry });
  expect(made.status).toBe(201);
  await until(`the node to know ${name}`, async () => {
    const asked = await fetch(`${scene.app.url}/webhook/lead/${name}`, { headers: { accept: "text/html" } });
    return (await asked.text()).startsWith("<!doctype html>");
  });
}

function form(source: string, attributes = ""): string {
  return `<form action="${scene.app.url}/webhook/lead/${source}" method="post" ${attributes}>
    <label>Name <input name="name"></label> <label>E-Mail <input name="email"></label>
    <label>Nachricht <textarea name="message"></textarea></label> <label>Datei <input type="file" name="file"></label>
    <button>Absenden</button></form>`;
}

async function samplesOf(source: string): Promise<readonly string[]> {
  const answer = await scene.api.get(`/sources/${source}/samples`, { headers: { "accept-language": "de" } });
  return (answer.json["own_samples"] as { code: string }[]).map(({ code }) => code);
}

async function leads(source: string): Promise<Record<string, unknown>[]> {
  const rows = await scene.query<{ body: Record<string, unknown> }>(
    `SELECT payload -> 'body' AS body FROM audit_events JOIN runs USING (run_id)
     WHERE event_type = 'lead_received' AND runs.source = $1 ORDER BY event_time`,
    [source],
  );
  return rows.map(({ body }) => body);
}

test.each([
  ["utf-8", ""],
  ["windows-1252", ""],
  ["utf-8", 'enctype="multipart/form-data"'],
  ["windows-1252", 'enctype="multipart/form-data"'],
  ["utf-8", 'enctype="text/plain"'],
  ["windows-1252", 'accept-charset="utf-8"'],
] as const)(
  "a form in %s %s keeps its umlauts and leads to the thank-you page",
  async (charset, attributes) => {
    pages.set("/kontakt", { charset, html: form("kontakt", attributes) });
    const page = await browser.open("/kontakt", { ...visitor, at: address });
    await page.getByLabel("Name").fill("Jürgen Groß-Þórðarson");
    await page.getByLabel("E-Mail").fill(`j${charset}${attributes.length}@example.com`);
    await page.getByLabel("Nachricht").fill("Straße „Am Öhr“, 100 % + 5 & mehr");
    await page.getByRole("button", { name: "Absenden" }).click();
    await page.waitForURL(`${address}/danke`);
    expect((await leads("kontakt")).at(-1)).toMatchObject({
      name: "Jürgen Groß-Þórðarson",
      message: "Straße „Am Öhr“, 100 % + 5 & mehr",
    });
  },
);

test("the sample form works as it is pasted, and what fills in the trap waits for a person", async () => {
  const [html = ""] = await samplesOf("kontakt");
  pages.set("/muster", { charset: "utf-8", html });
  const page = await browser.open("/muster", { ...visitor, at: address });
  expect(
    await accessibilityFindings(page).then((all) => all.filter((each) => each.includes("label"))),
  ).toEqual([]);
  await page.getByLabel("Name").fill("Änne");
  await page.getByLabel("E-Mail").fill("aenne@example.com");
  await page.getByRole("button", { name: "Absenden" }).click();
  await page.waitForURL(`${address}/danke`);
  const before = (await leads("kontakt")).length;
  await page.goto("/muster");
  await page.getByLabel("Name").fill("Bot");
  await page.getByLabel("E-Mail").fill("bot@example.com");
  await page.locator('[name="betreff_2"]').fill("x", { force: true });
  await page.getByRole("button", { name: "Absenden" }).click();
  await page.waitForURL(`${address}/danke`);
  await until(
    "it is kept",
    async () => (await scene.query("SELECT 1 FROM internal.quarantine")).length === 1,
  );
  expect(await leads("kontakt")).toHaveLength(before);
  const dashboard = await browser.open("/attention/quarantine", { language: "de" });
  await dashboard.getByText("Vermutlich Spam").first().waitFor();
  await screenshot(dashboard, "quarantine-spam-de");
  await dashboard.getByRole("row").filter({ hasText: "Vermutlich Spam" }).getByRole("link").click();
  await dashboard.getByRole("button", { name: "Als Lead annehmen" }).click();
  const dialog = dashboard.getByRole("dialog");
  await dialog.getByRole("textbox").fill("ein Mensch");
  await dialog.getByRole("button", { name: "Als Lead annehmen" }).click();
  await until("it is a lead", async () => (await leads("kontakt")).length === before + 1);
});

test("fetch from another origin and a beacon bring leads in, from the listed websites alone", async () => {
  const [html = "", script = "", beacon = ""] = await samplesOf("schlicht");
  pages.set("/skript", { charset: "windows-1252", html: html + script });
  const page = await browser.open("/skript", { ...visitor, at: address });
  await page.getByLabel("Name").fill("Zoë Müller");
  await page.getByLabel("E-Mail").fill("zoe@example.com");
  await page.getByRole("button", { name: "Absenden" }).click();
  await page.getByText("Vielen Dank, Ihre Nachricht ist angekommen.").waitFor();
  expect((await leads("schlicht")).at(-1)).toMatchObject({ name: "Zoë Müller" });
  const sendJson = (source: string): Promise<string> =>
    page.evaluate(
      (url) =>
        fetch(url, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ name: "Größe", email: "json@example.com" }),
        }).then(
          async (response) => String(((await response.json()) as { status: unknown }).status),
          () => "blocked",
        ),
      `${scene.app.url}/webhook/lead/${source}`,
    );
  expect(await sendJson("schlicht")).toBe("accepted");
  pages.set("/signal", { charset: "utf-8", html: beacon });
  await page.goto("/signal");
  await page.evaluate(
    (url) =>
      (
        globalThis as unknown as { navigator: { sendBeacon(to: string, text: string): boolean } }
      ).navigator.sendBeacon(url, "name=%C3%96zil&phone=%2B49301234567"),
    `${scene.app.url}/webhook/lead/schlicht`,
  );
  await until("both beacons came", async () => (await leads("schlicht")).length === 4);
  expect((await leads("schlicht")).map(({ name }) => name)).toContain("Özil");
});

test("a script of a website that is not listed is not let in", async () => {
  pages.set("/leer", { charset: "utf-8", html: "" });
  const page = await browser.open("/leer", { role: null, at: address, expects: /another host|CORS/ });
  const said = await page.evaluate(
    (url) =>
      fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }).then(
        () => "let in",
        () => "blocked",
      ),
    `${scene.app.url}/webhook/lead/fremd`,
  );
  expect(said).toBe("blocked");
  expect(await leads("fremd")).toEqual([]);
});

test.each([
  ["de", "light", "desktop", "Vielen Dank"],
  ["en", "dark", "phone", "Thank you"],
] as const)(
  "the page after it is there for everybody (%s, %s, %s)",
  async (language, scheme, width, title) => {
    pages.set("/schlicht", { charset: "utf-8", html: form("schlicht", 'enctype="multipart/form-data"') });
    const page = await browser.open("/schlicht", { ...visitor, at: address, language, scheme, width });
    await page.getByLabel("E-Mail").fill(`${language}@example.com`);
    await page.getByRole("button", { name: "Absenden" }).click();
    await page.getByRole("heading", { name: title }).waitFor();
    await screenshot(page, `website-form-thanks-${language}`);
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(await overflowPx(page)).toBe(0);
    await page.getByRole("link").click();
    await page.waitForURL(`${address}/**`);
  },
);

test("a form that is too large says so, and what was typed is still there", async () => {
  pages.set("/schlicht", { charset: "utf-8", html: form("schlicht", 'enctype="multipart/form-data"') });
  const page = await browser.open("/schlicht", { ...visitor, at: address, language: "de" });
  await page.getByLabel("Name").fill("Großmann");
  await page.getByLabel("Datei").setInputFiles({
    name: "bild.jpg",
    mimeType: "image/jpeg",
    buffer: Buffer.alloc(3_000_000, 7),
  });
  await page.getByRole("button", { name: "Absenden" }).click();
  await page.getByRole("heading", { name: "Das war zu viel auf einmal" }).waitFor();
  await screenshot(page, "website-form-too-large-de");
  expect(await accessibilityFindings(page)).toEqual([]);
});

test("the page of a source shows the form to paste", async () => {
  const page = await browser.open("/sources/kontakt", { language: "de" });
  await page.getByRole("tab", { name: "HTML" }).waitFor();
  await page.getByText('<form id="lead-form"', { exact: false }).first().waitFor();
  await page.getByRole("tab", { name: "sendBeacon" }).click();
  await page.getByRole("tabpanel").getByText("navigator.sendBeacon", { exact: false }).waitFor();
  await page.getByRole("tab", { name: "HTML" }).click();
  await screenshot(page, "source-website-form-de");
  expect(await accessibilityFindings(page)).toEqual([]);
});
