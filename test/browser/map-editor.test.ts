// The editor of a source's map: rules are tried on a real lead as one types, and saved.
import { beforeAll, describe, expect, test } from "vitest";
import { testSource } from "../support/app.ts";
import { useApiScene } from "../support/api-scene.ts";
import { screenshot, useBrowser } from "../support/browser.ts";
import { postLead } from "../support/webhook-client.ts";
import { until } from "../support/until.ts";

describe("where the fields of a source's leads come from", () => {
  const scene = useApiScene(() => ({
    sources: [testSource("file", { map: { town: { constant: "Bonn" } } })],
  }));
  const browser = useBrowser(scene);
  beforeAll(async () => {
    const added = { name: "messe", label: "Messe Köln", auth: { kind: "none" }, to: [] };
    // The first file of a run meets a machine that is busy with everything else.
    await until("it is made", async () =>
      [201, 409].includes((await scene.api.post("/sources", added)).status),
    );
    const body = {
      besucher: { vor: "Jörg", zu: "Weiß", geschlecht: "1" },
      halle: "Köln-Deutz",
      mail: "joerg@example.de",
      wunsch: "Photovoltaik für ein Einfamilienhaus",
    };
    await until("the node knows it", async () => {
      const sent = await postLead(scene.app.url, { path: "/webhook/lead/messe", key: "1", body });
      return sent.status < 300;
    });
  });

  test("is chosen field by field, seen at once on the newest lead, told where wrong, and saved", async () => {
    const page = await browser.open("/sources/messe", { language: "de" });
    await page.getByRole("link", { name: "Felder zuordnen" }).click();
    const town = page.getByRole("listitem", { name: "Ort", exact: true });
    await page.getByText("So wurde er gesendet").waitFor();
    await town.getByLabel("Woher kommt: Ort").selectOption("pointer");
    await town.getByLabel("Feld", { exact: true }).fill("halle");
    await town.getByText(/JSON-Pointer/).waitFor();
    await town.getByLabel("Feld", { exact: true }).fill("/halle");
    await town.getByText(/^K\*\*\*/).waitFor();
    await page.getByRole("button", { name: "Personendaten zeigen" }).click();
    await town.getByText("Köln-Deutz").waitFor();
    const salutation = page.getByRole("listitem", { name: "Anrede" });
    await salutation.getByLabel("Woher kommt: Anrede").selectOption("pointer");
    await salutation.getByLabel("Feld", { exact: true }).fill("/besucher/geschlecht");
    // What it offers lies over what stands below.
    await salutation.getByLabel("Feld", { exact: true }).blur();
    await salutation.getByText("Umformen, übersetzen, Ersatz").click();
    await salutation.getByRole("button", { name: "Zeile hinzufügen" }).click();
    await salutation.getByLabel("Zeile 1: gesendet").fill("1");
    await salutation.getByLabel("Zeile 1: wird zu").fill("Herr");
    await salutation.getByText("Herr", { exact: true }).waitFor();
    const name = page.getByRole("listitem", { name: "Voller Name" });
    await name.getByLabel("Woher kommt: Voller Name").selectOption("join");
    await name.getByLabel("1. Feld", { exact: true }).fill("/besucher/vor");
    await name.getByLabel("2. Feld", { exact: true }).fill("/besucher/zu");
    await name.getByText("Jörg Weiß").waitFor();
    await screenshot(page, "map-editor-de");
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByRole("heading", { level: 1, name: "Messe Köln", exact: true }).waitFor();
    expect((await scene.api.get("/sources/messe")).json).toMatchObject({
      map: {
        town: "/halle",
        salutation: { pointer: "/besucher/geschlecht", table: { "1": "Herr" } },
        name: { join: ["/besucher/vor", "/besucher/zu"] },
      },
    });
  });

  test("fits a phone, and is tried on pasted data where the file says the rules", async () => {
    const page = await browser.open("/sources/file/fields", { language: "en", width: "phone" });
    await page.getByText("This source has no lead yet.", { exact: false }).waitFor();
    await page.getByLabel("On which lead?").selectOption("pasted");
    await page.getByLabel("The data of a lead (JSON)").fill('{"city":"Wien","name":"Eva Maier"}');
    const town = page.getByRole("listitem", { name: "Town", exact: true });
    await town.getByText("recognised by itself: Wien").waitFor();
    await town.getByText("Bonn", { exact: true }).waitFor();
    await page.getByText("This source stands in leadledger.yaml").waitFor();
    await screenshot(page, "map-editor-phone-en");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  });

  test("is nothing that a new source is asked for as JSON; one that comes back keeps what it had", async () => {
    const map = { town: { constant: "Köln" } };
    const entry = { name: "back", auth: { kind: "none" }, to: [], map };
    expect((await scene.api.post("/sources", entry)).status).toBe(201);
    expect((await scene.api.delete("/sources/back")).status).toBe(200);
    const page = await browser.open("/sources/new?again=back", { language: "de" });
    await page.getByText(/unter „Felder zuordnen“/).waitFor();
    expect(await page.getByText("Woher die Felder des Leads kommen").count()).toBe(0);
    await page.getByRole("button", { name: "Quelle anlegen" }).click();
    await page.getByRole("link", { name: "Felder zuordnen" }).waitFor();
    expect((await scene.api.get("/sources/back")).json).toMatchObject({ enabled: true, map });
  });
});
