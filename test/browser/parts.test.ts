// Looking after sources and destinations in the browser: adding, mending, pausing, rotating, testing, removing.
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { useApiScene } from "../support/api-scene.ts";
import { testDestination, testSource } from "../support/app.ts";
import { accessibilityFindings, overflowPx, screenshot, useBrowser } from "../support/browser.ts";
import { plant } from "../support/leak-watch.ts";
import { startSink } from "../support/sink.ts";
import type { Sink } from "../support/sink.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

const old = "an-old-token-of-thirty-two-letters";
let sink: Sink;
let status = 200;
const scene = useApiScene(
  async () => {
    sink = await startSink(() => ({ kind: "answer", status }));
    return {
      sources: [
        testSource("website", { to: ["crm"] }),
        testSource("partner", { auth: { kind: "token", secrets: [{ value: old, notAfter: null }] } }),
      ],
      destinations: [testDestination("crm", sink.url, { retry: { fastMs: [], slowMs: [3_600_000] } })],
    };
  },
  { withoutFile: false },
);
const browser = useBrowser(scene);
afterAll(() => sink.close());

const secretOf = async (page: Page, label: string): Promise<string> => {
  const secret = (await page.getByRole("group", { name: label, exact: true }).textContent()) ?? "";
  plant([secret]);
  return secret;
};

describe("a destination", () => {
  test("is added after what was wrong is mended at its field, reached, tested and paused", async () => {
    const page = await browser.open("/destinations", { language: "de" });
    await page.getByRole("link", { name: "Ziel anlegen" }).click();
    await page.getByLabel("Name", { exact: false }).first().fill("erp");
    const address = page.getByLabel("Adresse (URL)");
    await address.fill("ftp://erp.example/leads");
    await page.getByText("Weitere Einstellungen").click();
    await page.getByText("Was von den Antworten schon bekannt ist").click();
    await page.getByText("Adresse von Zapier").waitFor();
    await page.getByText("Status 2xx → angenommen, aber unbestätigt").click();
    expect(await page.getByRole("group", { name: "Als Regel" }).textContent()).toContain(
      '"outcome": "unproven"',
    );
    await page.getByLabel("Gleichzeitige Zustellungen").fill("0");
    await page.getByRole("button", { name: "Ziel anlegen" }).click();
    await page.getByText("Bitte berichtigen Sie die markierten Felder").waitFor();
    expect(await address.getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByLabel("Gleichzeitige Zustellungen").getAttribute("aria-invalid")).toBe("true");
    // Whoever sent the form stands where there is something to do.
    expect(await page.locator(":focus").inputValue()).toBe("ftp://erp.example/leads");
    await screenshot(page, "destination-new-problems-de");
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(await scene.query("SELECT FROM internal.destinations WHERE name = 'erp'")).toEqual([]);

    await address.fill(sink.url);
    await page.getByLabel("Gleichzeitige Zustellungen").fill("4");
    await page.getByLabel("Darf interne Adressen erreichen").check();
    await page.getByRole("button", { name: "Header hinzufügen" }).click();
    await page.getByLabel("Name des 1. Headers").fill("X-Team");
    await page.getByLabel("Wert von X-Team").fill("vertrieb");
    await page.getByRole("radio", { name: "OAuth 2.0 (Client Credentials)" }).check();
    await page.getByLabel("Client-ID").waitFor();
    await screenshot(page, "destination-new-oauth-de");
    await page.getByRole("radio", { name: "Benutzername und Passwort (Basic)" }).check();
    await page.getByLabel("Benutzername", { exact: false }).last().fill("anna");
    await page.getByRole("button", { name: "Ziel anlegen" }).click();
    await page.getByRole("heading", { level: 1, name: "erp" }).waitFor();
    expect((await scene.api.get("/destinations/erp")).json).toMatchObject({
      concurrency: 4,
      allow_private: true,
      header_names: ["X-Team"],
      auth: { kind: "basic", username: "anna", password: null },
      timeout: "10s",
      origin: new URL(sink.url).origin,
    });

    await page.getByText("Was von den Antworten schon bekannt ist").click();
    await page.getByText("Adresse von Power Automate").waitFor();
    await page.getByRole("button", { name: "Verbindung prüfen" }).click();
    await page.getByText("Erreichbar", { exact: true }).waitFor();
    await page.getByText("Was er hinterlässt, bestimmt der Empfänger").waitFor();
    await page.getByRole("button", { name: "Testlead senden" }).click();
    await page.getByText("Bei erp angekommen").waitFor();
    await page.getByText("Zugestellt", { exact: true }).waitFor();
    expect(sink.requests.at(-1)?.headers).toMatchObject({ "x-team": "vertrieb" });
    await screenshot(page, "destination-tested-de");

    await page.getByRole("button", { name: "Anhalten" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Anhalten" }).click();
    await page.getByText("Angehalten", { exact: true }).waitFor();
    expect((await scene.api.get("/destinations/erp")).json).toMatchObject({ paused: true });
    await page.getByRole("button", { name: "Fortsetzen" }).click();
    await page.getByRole("button", { name: "Anhalten" }).waitFor();
    expect((await scene.api.get("/destinations/erp")).json).toMatchObject({ paused: false });
  });

  test("that fails says where the test lead failed and why", async () => {
    status = 500;
    const page = await browser.open("/destinations/crm", { language: "de" });
    await page.getByRole("button", { name: "Testlead senden" }).click();
    await page.getByText("Bei crm nicht angekommen").waitFor();
    await page.getByText(/Nächster Versuch von selbst/).waitFor();
    await page.getByText("Technische Einzelheiten").first().click();
    await page.getByText(/500/).first().waitFor();
    await screenshot(page, "destination-test-failed-de");
    status = 200;
  });

  test("changes only what was changed, and keeps what is never shown", async () => {
    await scene.api.post("/destinations", {
      name: "kept",
      kind: "http",
      url: `${sink.url}/token`,
      secret: "a signing secret",
      headers: { "X-One": "1", "X-Two": "2" },
      retry: { fast: ["2s"], slow: ["1h"] },
    });
    const page = await browser.open("/destinations/kept/edit", { language: "en" });
    await page.getByRole("button", { name: "Remove the header X-One" }).click();
    await page.getByText("More settings").click();
    await page.getByLabel("First repeats").fill("3s, 9s");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name: "kept", exact: true }).waitFor();
    const { json } = await scene.api.get("/destinations/kept");
    expect(json).toMatchObject({ header_names: ["X-Two"], retry: { fast: ["3s", "9s"], slow: ["1h"] } });
    expect(json["secrets"]).toHaveLength(1);
  });

  test("that somebody else changes meanwhile is not overwritten", async () => {
    await scene.api.post("/destinations", { name: "shared", kind: "http", url: sink.url });
    const page = await browser.open("/destinations/shared/edit", { language: "de" });
    await page.getByText("Weitere Einstellungen").click();
    await page.getByLabel("Längster Versuch").fill("30s");
    await scene.api.patch("/destinations/shared", { concurrency: 3 });
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByText("Inzwischen hat jemand anderes etwas geändert").waitFor();
    expect((await scene.api.get("/destinations/shared")).json).toMatchObject({ timeout: "10s" });
    await page.getByRole("button", { name: "Neuen Stand laden" }).click();
    await page.getByText("Weitere Einstellungen").click();
    expect(await page.getByLabel("Gleichzeitige Zustellungen").inputValue()).toBe("3");
    await page.getByLabel("Längster Versuch").fill("30s");
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByRole("heading", { level: 1, name: "shared", exact: true }).waitFor();
    expect((await scene.api.get("/destinations/shared")).json).toMatchObject({
      timeout: "30s",
      concurrency: 3,
    });
  });
});

describe("a source", () => {
  const post = async (name: string, token: string): Promise<number> =>
    (
      await postLead(scene.app.url, {
        path: `/webhook/lead/${name}`,
        key: `key-${Math.random()}`,
        body: { name: "Erika" },
        headers: { authorization: `Bearer ${token}` },
      })
    ).status;

  /** A change is known to all nodes within two seconds. */
  const takes = (name: string, token: string): Promise<unknown> =>
    until(`${name} to take the token`, async () => (await post(name, token)) === 202);

  test("gets a new secret, which is shown once; the old one stays good as long as was said", async () => {
    plant([old]);
    await scene.api.post("/sources", { name: "rotated", auth: { kind: "token", secret: old }, to: null });
    const page = await browser.open("/sources/rotated", { language: "de" });
    await page.getByRole("button", { name: "Geheimnis ersetzen" }).click();
    await page.getByRole("button", { name: "Neues Geheimnis erzeugen" }).click();
    await page.getByText("Das Geheimnis wird nur dieses eine Mal gezeigt").waitFor();
    const secret = await secretOf(page, "Geheimnis");
    await screenshot(page, "source-rotated-de");
    expect(await accessibilityFindings(page)).toEqual([]);
    await takes("rotated", secret);
    expect(await post("rotated", old)).toBe(202);
    await page.getByRole("button", { name: "Ich habe es gespeichert" }).click();
    await page.getByText("Das Geheimnis wird nur dieses eine Mal gezeigt").waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "rotated" }).waitFor();
    expect(await page.content()).not.toContain(secret);

    await page.getByRole("button", { name: "Geheimnis ersetzen" }).click();
    await page.getByLabel(/Gar nicht/).check();
    await page.getByRole("button", { name: "Neues Geheimnis erzeugen" }).click();
    await page.getByText("Das Geheimnis wird nur dieses eine Mal gezeigt").waitFor();
    const third = await secretOf(page, "Geheimnis");
    await takes("rotated", third);
    expect([await post("rotated", old), await post("rotated", secret)]).toEqual([401, 401]);
  });

  test(
    "whose senders use a wrong secret is red, and says what that means, while one looks",
    { tags: "thorough" },
    async () => {
      expect(await post("partner", old)).toBe(202);
      const page = await browser.open("/sources/partner", { language: "de" });
      await page.getByText("Nimmt Leads an").waitFor();
      expect(await post("partner", "wrong")).toBe(401);
      // They are counted every ten seconds, and read as often.
      const heading = page.getByRole("heading", { name: "Abgewiesene Anfragen der letzten 24 Stunden" });
      await heading.waitFor({ timeout: 30_000 });
      await page.getByText("Zugangsdaten abgewiesen (1)").waitFor();
      await page.getByText("Die Zugangsdaten sind falsch").waitFor();
      await screenshot(page, "source-refused-de");
      await page.getByRole("navigation").getByRole("link", { name: "Quellen" }).click();
      await page
        .getByRole("row", { name: /partner/ })
        .getByText("Zugangsdaten abgewiesen (1)")
        .waitFor();
    },
  );

  test("that is removed takes no leads, is listed on demand, and comes back as it was", async () => {
    await scene.api.post("/sources", {
      name: "fair",
      auth: { kind: "token", secret: old },
      to: null,
      body_limit: "64kB",
      key: { pointer: "/id" },
    });
    const page = await browser.open("/sources/fair", { language: "en" });
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByRole("heading", { level: 1, name: "Sources" }).waitFor();
    await page.getByRole("link", { name: "fair" }).waitFor({ state: "detached" });
    await until("fair to take nothing", async () => (await post("fair", old)) === 401);
    await page.getByRole("switch", { name: "Show removed ones" }).click();
    await page.getByRole("link", { name: "fair" }).click();
    await page.getByRole("link", { name: "Add it again" }).click();
    expect(await page.getByLabel("Name", { exact: false }).first().inputValue()).toBe("fair");
    await page.getByRole("button", { name: "Add the source" }).click();
    await page.getByText("The secret is shown this once").waitFor();
    expect((await scene.api.get("/sources/fair")).json).toMatchObject({
      enabled: true,
      key: { pointer: "/id" },
      body_limit: "64kB",
    });
  });
});

describe("what one may not do is not offered", () => {
  const verbs = /Bearbeiten|Anhalten|Geheimnis ersetzen|Entfernen|Testlead senden|Verbindung prüfen/;

  test("to somebody who only looks", async () => {
    await scene.api.post("/destinations", { name: "seen", kind: "http", url: sink.url });
    const page = await browser.open("/destinations/seen", { language: "de", role: "viewer" });
    await page.getByRole("heading", { name: "Einstellungen" }).waitFor();
    expect(await page.getByRole("main").getByRole("button", { name: verbs }).count()).toBe(0);
    expect(await page.getByRole("main").getByRole("link", { name: verbs }).count()).toBe(0);
    await page.goto("/sources");
    await page.getByRole("link", { name: "website" }).waitFor();
    expect(await page.getByRole("link", { name: "Quelle anlegen" }).count()).toBe(0);
    await page.goto("/sources/new");
    await page.getByText("Dafür reicht Ihre Rolle nicht").waitFor();
  });

  test("for what stands in the file, which says where to change it", async () => {
    const page = await browser.open("/sources/website", { language: "de" });
    await page.getByText("Steht in leadledger.yaml und wird dort geändert").waitFor();
    const changes = /Bearbeiten|Anhalten|Geheimnis ersetzen|Entfernen/;
    expect(await page.getByRole("main").getByRole("button", { name: changes }).count()).toBe(0);
    expect(await page.getByRole("main").getByRole("link", { name: changes }).count()).toBe(0);
    await page.goto("/sources/website/edit");
    await page.getByText("Steht in leadledger.yaml und wird dort geändert").waitFor();
    expect(new URL(page.url()).pathname).toBe("/sources/website");
  });
});

test("a source is added on a phone, in English, in the dark", async () => {
  const page = await browser.open("/sources/new?set-up=none", {
    language: "en",
    scheme: "dark",
    width: "phone",
  });
  await page.getByLabel("Name", { exact: false }).first().fill("landing");
  await page.getByLabel("Signature (HMAC)").check();
  await page.getByLabel("By a field of the lead").check();
  await page.getByRole("button", { name: "Add the source" }).click();
  // Nobody sends everywhere without having said so.
  await page.getByText("Please choose where the leads go").waitFor();
  await page.getByLabel("To all destinations").check();
  await page.getByRole("button", { name: "Add the source" }).click();
  // It was chosen and not said: the field tells.
  await page.getByText("Please mend the fields that are marked").waitFor();
  expect(await page.getByLabel("Field", { exact: true }).getAttribute("aria-invalid")).toBe("true");
  await page.getByLabel("Field", { exact: true }).fill("/lead_id");
  await page.getByRole("button", { name: "Add the source" }).click();
  await page.getByText("The secret is shown this once").waitFor();
  await secretOf(page, "Secret");
  await page.getByRole("tab", { name: "PHP" }).click();
  await page.getByRole("tabpanel").getByText("<?php").waitFor();
  await screenshot(page, "source-added-en-dark-phone");
  expect(await accessibilityFindings(page)).toEqual([]);
  expect(await overflowPx(page)).toBe(0);
  expect((await scene.api.get("/sources/landing")).json).toMatchObject({
    auth: { kind: "hmac" },
    key: { pointer: "/lead_id" },
  });
});

test("a source is set up from a tile: named with umlauts, guided, and told why its first request was refused", async () => {
  const page = await browser.open("/sources/new", { language: "de" });
  await page.getByRole("link", { name: /^WordPress/ }).waitFor();
  expect(await accessibilityFindings(page)).toEqual([]);
  await screenshot(page, "source-tiles-de");
  await page.getByRole("link", { name: /^Meta/ }).click();
  await page.getByRole("link", { name: /^Ohne App/ }).waitFor();
  await screenshot(page, "source-ways-de");
  expect(await accessibilityFindings(page)).toEqual([]);
  await page.getByRole("link", { name: "Andere Herkunft wählen" }).click();
  await page.getByRole("link", { name: /^Typeform/ }).click();
  await page.getByLabel("Anzeigename").fill("Möbel-Anfragen Köln");
  expect(await page.getByLabel(/^Name/).inputValue()).toBe("moebel-anfragen-koeln");
  await page.getByLabel("Nur an diese").check();
  await page.getByRole("checkbox", { name: "crm" }).check();
  await screenshot(page, "source-questions-de");
  expect(await accessibilityFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "Quelle anlegen" }).click();
  await page.getByRole("heading", { level: 1, name: "Möbel-Anfragen Köln" }).waitFor();
  const steps = page.getByRole("list", { name: "Beim Absender einrichten" });
  await steps.getByText(`${scene.app.url}/webhook/lead/moebel-anfragen-koeln`).waitFor();
  const secret = await secretOf(page, "Geheimnis");
  expect(await steps.textContent()).toContain(secret);
  await page.getByText("Diese Adresse ist aus dem Internet nicht erreichbar").waitFor();
  await until("a node knows it", async () => {
    const { json } = await postLead(scene.app.url, { path: "/webhook/lead/moebel-anfragen-koeln", body: {} });
    return json["code"] === "credentials_missing";
  });
  await page.getByText("Gesucht: Typeform-Signature. Davon war nichts da.").waitFor();
  await screenshot(page, "source-guide-refused-de");
  expect(await accessibilityFindings(page)).toEqual([]);
  expect((await scene.api.get("/sources/moebel-anfragen-koeln")).json).toMatchObject({
    kind: "typeform",
    label: "Möbel-Anfragen Köln",
    to: ["crm"],
  });
  const phone = await browser.open("/sources/moebel-anfragen-koeln?set-up=typeform", {
    language: "en",
    scheme: "dark",
    width: "phone",
  });
  await phone.getByRole("list", { name: "Set up at the sender" }).waitFor();
  await screenshot(phone, "source-guide-en-dark-phone");
  expect(await accessibilityFindings(phone)).toEqual([]);
  expect(await overflowPx(phone)).toBe(0);
  await phone.goto("/sources/new");
  await phone.getByRole("link", { name: /^WordPress/ }).waitFor();
  await screenshot(phone, "source-tiles-en-dark-phone");
  expect(await accessibilityFindings(phone)).toEqual([]);
  expect(await overflowPx(phone)).toBe(0);
});
