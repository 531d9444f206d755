// Sources that share an address in the dashboard: the form, what belongs to nobody, and what the vendor says.
import { beforeAll, describe, expect, test } from "vitest";
import { testSource } from "../support/app.ts";
import { useApiScene } from "../support/api-scene.ts";
import { screenshot, useBrowser } from "../support/browser.ts";
import { metaBody, metaHeaders } from "../support/vendor-requests.ts";
import { postLead } from "../support/webhook-client.ts";

const secret = "planted-app-secret";

describe("sources that share an address", () => {
  const scene = useApiScene(() => ({
    sources: [
      testSource("meta", {
        auth: { kind: "meta-lead-ads", secrets: [{ value: secret, notAfter: null }], pages: ["1"] },
        key: { kind: "header_preferred", windowMs: 600_000 },
        to: [],
      }),
    ],
  }));
  const browser = useBrowser(scene);
  beforeAll(async () => {
    const added = { name: "mueller", kind: "meta-lead-ads", via: "meta", pages: ["2"], to: [] };
    expect((await scene.api.post("/sources", added)).status).toBe(201);
    const body = metaBody(['{"leadgen_id":"71","form_id":"5"}']);
    const headers = metaHeaders({ secret, body: Buffer.from(body), atMs: 0, url: "" });
    await postLead(scene.app.url, { path: "/webhook/lead/meta", body, headers: { ...headers } });
  });

  test("a lead that belongs to none of them is shown as such, and can be taken in", async () => {
    const page = await browser.open("/attention", { language: "de" });
    await page
      .getByText("1 Lead an der Adresse von „meta“ gehört zu keiner Quelle und ist aufbewahrt")
      .waitFor();
    await page.getByRole("button", { name: /Als eigenen Lead annehmen/ }).waitFor();
    await screenshot(page, "shared-address-attention");
    expect(await page.getByText("unlesbar").count()).toBe(0);
  });

  test("the form has its fields, and the vendor can be asked", async () => {
    const page = await browser.open("/sources/mueller/edit", { language: "de" });
    await page.getByText("Formulare", { exact: true }).first().waitFor({ state: "attached" });
    await screenshot(page, "shared-address-form");
    const source = await browser.open("/sources/mueller", { language: "de" });
    const guide = source.getByRole("list", { name: "Was hier einzutragen ist" });
    await guide.getByText(/sind die der Quelle meta/).waitFor();
    expect(await guide.textContent()).not.toMatch(/developers\.facebook\.com|Callback/);
    const own = await browser.open("/sources/meta", { language: "de" });
    await own
      .locator('ol[aria-label="Beim Absender einrichten"]')
      .getByText(/Callback-URL/)
      .waitFor({ state: "attached" });
    await source.getByRole("button", { name: "Verbindung prüfen" }).click();
    await source.getByText(/tragen Sie es als page_token ein/).waitFor();
    await screenshot(source, "shared-address-check");
  });
});
