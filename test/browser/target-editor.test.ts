// The editor of what a destination gets: lines of its map and its condition are tried on a real lead as one types.
import { beforeAll, describe, expect, test } from "vitest";
import { testDestination, testSource } from "../support/app.ts";
import { useApiScene } from "../support/api-scene.ts";
import { screenshot, useBrowser } from "../support/browser.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import { cardFile } from "../support/card-file-kind.ts";
import { always, startSink } from "../support/sink.ts";
import { postLead } from "../support/webhook-client.ts";

const kinds = { ...builtInKinds, destinations: [...builtInKinds.destinations, cardFile] };

const option = { value: "new", label: "Neukunde" };

describe("what a destination gets", () => {
  const scene = useApiScene(
    () => ({
      sources: [testSource("website", { to: [] }), testSource("fair", { to: ["file"] })],
      destinations: [
        testDestination("file", "http://127.0.0.1:9/", { paused: true, map: { mail: "/lead/email" } }),
      ],
    }),
    { kinds },
  );
  const browser = useBrowser(scene);
  beforeAll(async () => {
    const body = { name: "Jörg Weiß", email: "joerg@example.de", budget: "1.200,50 €", land: "AT" };
    await postLead(scene.app.url, { path: "/webhook/lead/website", key: "1", body });
    const added = { name: "crm", kind: "http", url: "https://crm.example/api", paused: true };
    expect((await scene.api.post("/destinations", added)).status).toBe(201);
  });

  test("is filled in line by line, seen at once on a lead, told where wrong, and saved", async () => {
    const page = await browser.open("/destinations/crm", { language: "de" });
    await page.getByRole("link", { name: "Felder zuordnen" }).click();
    await page.getByText("Noch keine Zeile", { exact: false }).waitFor();
    const samples = page.getByLabel("An welchem Lead?");
    // The newest, the lead, and data of one's own: until leads are known, the second would be one's own data.
    await samples.locator("option").nth(2).waitFor({ state: "attached" });
    await samples.selectOption({ index: 1 });
    await page.getByText("Wohinein die Regeln sehen").first().waitFor();
    await page.getByRole("button", { name: "Zeile hinzufügen" }).click();
    await page.getByRole("combobox", { name: "Zeile 1: Feld des Empfängers" }).fill("properties.email");
    const mail = page.getByRole("listitem", { name: "properties.email" });
    await mail.getByRole("combobox", { name: "Feld", exact: true }).fill("/email");
    await mail.getByText(/Meinten Sie „\/lead\/email“/).waitFor();
    await mail.getByRole("combobox", { name: "Feld", exact: true }).fill("/lead/email");
    await mail.getByRole("combobox", { name: "Feld", exact: true }).blur();
    await mail.getByText(/^j\*\*\*/).waitFor();
    await page.getByRole("button", { name: "Personendaten zeigen" }).click();
    await mail.getByText("joerg@example.de", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Zeile hinzufügen" }).click();
    await page.getByRole("combobox", { name: "Zeile 2: Feld des Empfängers" }).fill("properties.budget");
    const budget = page.getByRole("listitem", { name: "properties.budget" });
    await budget.getByRole("combobox", { name: "Feld", exact: true }).fill("/data/nix");
    await budget.getByRole("combobox", { name: "Feld", exact: true }).blur();
    await budget.getByLabel("Pflicht", { exact: false }).check();
    await budget.getByText("fehlt: Dieser Lead würde nicht gesendet").waitFor();
    await budget.getByRole("combobox", { name: "Feld", exact: true }).fill("/data/budget");
    await budget.getByRole("combobox", { name: "Feld", exact: true }).blur();
    await budget.getByText("1.200,50 €", { exact: true }).waitFor();
    const condition = page.getByRole("region", { name: "Nur Leads, für die das gilt" });
    await condition.getByRole("button", { name: "Vergleich hinzufügen" }).click();
    const first = condition.getByRole("group", { name: "Vergleich 1" });
    await first.getByRole("combobox", { name: "Feld" }).fill("/lead/contry");
    await first.getByLabel("Vergleich", { exact: true }).selectOption("missing");
    await first.getByText(/Meinten Sie „\/lead\/country“/).waitFor();
    await first.getByRole("combobox", { name: "Feld" }).fill("/lead/country");
    await first.getByRole("combobox", { name: "Feld" }).blur();
    await first.getByLabel("Vergleich", { exact: true }).selectOption("in");
    await first.getByRole("combobox", { name: "Werte" }).fill("DE");
    await first.getByRole("combobox", { name: "Werte" }).press("Enter");
    await first.getByRole("combobox", { name: "Werte" }).fill("CH");
    await first.getByRole("combobox", { name: "Werte" }).press("Enter");
    await first.getByText("bei diesem Lead nicht erfüllt").waitFor();
    await page.getByText("Bei diesem Lead nicht erfüllt (when)", { exact: false }).waitFor();
    await condition.getByRole("button", { name: "Gruppe hinzufügen" }).click();
    const byMail = condition.getByRole("group", { name: "Vergleich 2.1" });
    await byMail.getByRole("combobox", { name: "Feld" }).fill("/lead/email");
    await byMail.getByLabel("Vergleich", { exact: true }).selectOption("not_matches");
    await byMail.getByLabel("Muster").fill("@test\\.");
    const phone = condition.getByRole("group", { name: "Vergleich 2.2" });
    await phone.getByRole("combobox", { name: "Feld" }).fill("/lead/phones");
    await phone.getByRole("combobox", { name: "Feld" }).blur();
    await phone.getByLabel("Vergleich", { exact: true }).selectOption("exists");
    await page.getByText("Bei diesem Lead nicht erfüllt (when.all[0])", { exact: false }).waitFor();
    await screenshot(page, "target-editor-de");
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByRole("heading", { level: 1, name: "crm", exact: true }).waitFor();
    expect((await scene.api.get("/destinations/crm")).json).toMatchObject({
      map: {
        "properties.email": "/lead/email",
        "properties.budget": { pointer: "/data/budget", required: true },
      },
      when: {
        all: [
          { pointer: "/lead/country", in: ["DE", "CH"] },
          {
            any: [
              { not: { pointer: "/lead/email", matches: "@test\\." } },
              { pointer: "/lead/phones", exists: true },
            ],
          },
        ],
      },
    });
  });

  test("is said by an expression in place of lines, whose faults are seen as one types", async () => {
    const added = { name: "expert", kind: "http", url: "https://crm.example/api", paused: true };
    expect((await scene.api.post("/destinations", added)).status).toBe(201);
    const page = await browser.open("/destinations/expert/fields", { language: "de" });
    await page.getByLabel("An welchem Lead?").selectOption("pasted");
    await page
      .getByLabel("Daten eines Leads (JSON)")
      .fill('{"email":"eva@example.de","id":12345678901234567890}');
    await page.getByText("Ausdruck (für Experten)").click();
    const expression = page.getByRole("textbox", { name: "Ausdruck (JSONata)" });
    await expression.fill("{ 'mail': lead.email, ");
    await page.getByText("Das ist kein JSONata-Ausdruck", { exact: false }).waitFor();
    await expression.fill("{ 'next': data.id + 1 }");
    await page.getByText("(T2001)", { exact: false }).waitFor();
    await expression.fill("{ 'mail': lead.email, 'id': data.id }");
    await page.getByText("(T2001)", { exact: false }).waitFor({ state: "detached" });
    await page.getByText("Das bekäme das Ziel").waitFor();
    await screenshot(page, "expression-editor-de");
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByRole("heading", { level: 1, name: "expert", exact: true }).waitFor();
    expect((await scene.api.get("/destinations/expert")).json).toMatchObject({
      map: null,
      expression: "{ 'mail': lead.email, 'id': data.id }",
    });
  });

  test("fits a phone, and is tried on pasted data where the file says it", async () => {
    const page = await browser.open("/destinations/file/fields", { language: "en", width: "phone" });
    await page.getByText("The sources that send here have no lead yet.", { exact: false }).waitFor();
    await page.getByLabel("On which lead?").selectOption("pasted");
    await page.getByLabel("The data of a lead (JSON)").fill('{"email":"eva@example.de"}');
    await page.getByRole("listitem", { name: "mail" }).getByText("eva@example.de", { exact: true }).waitFor();
    await page.getByText("This destination stands in leadledger.yaml").waitFor();
    await screenshot(page, "target-editor-phone-en");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  });

  test("is picked from the fields that the receiver has, of which a missing one is made there", async () => {
    const fields = [
      { target: "mail", label: "E-Mail", type: "text", isRequired: false },
      { target: "nr", label: "Kundennummer", type: "text", isRequired: true },
      { target: "stage", label: "Phase", type: "choice", isRequired: false, options: [option] },
    ];
    const sink = await startSink(always({ kind: "answer", status: 200, body: JSON.stringify(fields) }));
    const added = { name: "cards", kind: "card-file", url: sink.url, allow_private: true, paused: true };
    expect((await scene.api.post("/destinations", added)).status).toBe(201);
    const page = await browser.open("/destinations/cards/fields", { language: "de" });
    await page.getByText("3 Felder beim Empfänger gefunden").waitFor();
    await page.getByRole("button", { name: "Zeile für Kundennummer hinzufügen" }).click();
    await page.getByText("Der Empfänger nimmt nichts ohne").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Zeile hinzufügen" }).click();
    await page.getByRole("combobox", { name: "Zeile 3: Feld des Empfängers" }).fill("phas");
    await page.getByRole("option", { name: "Phase" }).click();
    const stage = page.getByRole("listitem", { name: "stage" });
    await stage.getByLabel("Woher kommt: stage").selectOption("constant");
    await stage.getByLabel("stage ist immer").fill("");
    await page.getByRole("option", { name: "Neukunde" }).click();
    await page.getByRole("button", { name: "Zeile hinzufügen" }).click();
    await page.getByRole("combobox", { name: "Zeile 4: Feld des Empfängers" }).fill("Budget");
    await page.getByText("Dieses Feld hat der Empfänger nicht").waitFor();
    await screenshot(page, "receiver-fields-de");
    await page.getByRole("button", { name: "„Budget“ dort anlegen" }).click();
    await page.getByText("4 Felder beim Empfänger gefunden").waitFor();
    await page.getByRole("listitem", { name: "budget" }).waitFor();
    await page.getByText("Dieses Feld hat der Empfänger nicht").waitFor({ state: "detached" });
    await sink.close();
  });
});
