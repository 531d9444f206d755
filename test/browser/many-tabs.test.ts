// Many tabs of one browser: over HTTP/1.1 it has six connections for a host, and all tabs share one stream of live events.
import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { useApiScene } from "../support/api-scene.ts";
import { testSource } from "../support/app.ts";
import { useBrowser } from "../support/browser.ts";
import { until } from "../support/until.ts";

const scene = useApiScene(() => ({ sources: [testSource("website")] }));
const browser = useBrowser(scene);
const tabsCount = 7;

const heading = (page: Page) => page.getByRole("heading", { level: 1, name: "Leads" });
const send = (email: string) =>
  fetch(`${scene.app.url}/webhook/lead/website`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": email },
    body: JSON.stringify({ email }),
  });
/** As the log of the API has them: the streams that are open. */
const streams = async (): Promise<number> => {
  const text = await (await fetch(`${scene.app.url}/metrics`)).text();
  return Number(/^leadledger_live_streams (\d+)$/m.exec(text)?.[1]);
};

describe("seven tabs of one browser", () => {
  test("all load, hear of what happens by one stream, go on when the first is closed, and sign out together", async () => {
    const first = await browser.open("/leads", { language: "en", expects: /401/ });
    await heading(first).waitFor();
    const others: Page[] = [];
    for (let tab = 2; tab <= tabsCount; tab += 1) {
      const page = await first.context().newPage();
      await page.goto("/leads");
      await heading(page).waitFor();
      others.push(page);
    }
    expect(await streams()).toBe(1);

    await send("erika@example.com");
    for (const page of [first, ...others]) await page.getByRole("row").nth(1).waitFor();

    await first.close();
    await send("max@example.com");
    for (const page of others) await page.getByRole("row").nth(2).waitFor();
    expect(await streams()).toBe(1);

    const [one, ...rest] = others;
    await one?.getByRole("button", { name: /^Signed in/ }).click();
    await one?.getByRole("menuitem", { name: "Sign out" }).click();
    for (const page of rest) await page.getByRole("button", { name: "Sign in" }).waitFor();
    await until("the stream to end", async () => (await streams()) === 0);
  });

  test("without a worker that tabs share, a tab has a stream while somebody looks at it", async () => {
    const page = await browser.open("/sign-in", { language: "de" });
    await page.addInitScript("delete window.SharedWorker");
    await page.goto("/leads");
    await heading(page).waitFor();
    await until("its own stream", async () => (await streams()) === 1);
    const look = (state: string) =>
      page.evaluate(`Object.defineProperty(document, "visibilityState", { value: "${state}", configurable: true });
        document.dispatchEvent(new Event("visibilitychange"))`);
    await look("hidden");
    await until("no stream", async () => (await streams()) === 0);
    await send("unseen@example.com");
    await look("visible");
    await page.getByText("unseen@example.com").or(page.getByRole("row").nth(1)).first().waitFor();
    await until("a stream again", async () => (await streams()) === 1);
  });
});
