// Many tabs of one browser: over HTTP/1.1 it has six connections for a host, and all tabs share one stream of live events.
import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { useApiScene } from "../support/api-scene.ts";
import { testSource } from "../support/app.ts";
import { useBrowser } from "../support/browser.ts";
import { until } from "../support/until.ts";

const scene = useApiScene(() => ({ sources: [testSource("website")] }));
const browser = useBrowser(scene);

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

/** What a browser has not, where it is old, or a phone, or the address is plain http. */
const lacking = {
  "by one tab that tells the others": "",
  "by a worker that they share, without locks": "delete Navigator.prototype.locks",
} as const;

describe("the tabs of one browser", () => {
  test.each([
    ["by one tab that tells the others", "en", 7],
    ["by a worker that they share, without locks", "de", 3],
  ] as const)(
    "all load, hear of what happens %s, go on when the first is closed, and sign out together",
    async (way, language, tabsCount) => {
      const first = await browser.open("/sign-in", { language, expects: /401/ });
      await first.context().addInitScript(lacking[way]);
      await first.goto("/leads");
      await heading(first).waitFor();
      const rows = await first.getByRole("row").count();
      const others: Page[] = [];
      for (let tab = 2; tab <= tabsCount; tab += 1) {
        const page = await first.context().newPage();
        await page.goto("/leads");
        await heading(page).waitFor();
        others.push(page);
      }
      expect(await streams()).toBe(1);

      await send(`erika-${language}@example.com`);
      const row = Math.max(rows, 1);
      for (const page of [first, ...others]) await page.getByRole("row").nth(row).waitFor();

      await first.close();
      await send(`max-${language}@example.com`);
      for (const page of others)
        await page
          .getByRole("row")
          .nth(row + 1)
          .waitFor();
      await until("one stream", async () => (await streams()) === 1);

      const [one, ...rest] = others;
      await one?.getByRole("button", { name: /^(?:Signed in|Angemeldet)/ }).click();
      await one?.getByRole("menuitem", { name: /^(?:Sign out|Abmelden)/ }).click();
      for (const page of rest) await page.getByRole("button", { name: /^(?:Sign in|Anmelden)$/ }).waitFor();
      await until("the stream to end", async () => (await streams()) === 0);
    },
  );

  test("a leader that has fallen asleep is replaced by a tab that somebody looks at", async () => {
    const asleep = await browser.open("/leads", { language: "en", role: "viewer" });
    await heading(asleep).waitFor();
    await until("its stream", async () => (await streams()) === 1);
    // As a frozen tab: it keeps the lock and says nothing.
    await asleep.evaluate("BroadcastChannel.prototype.postMessage = () => undefined");
    const page = await asleep.context().newPage();
    await page.goto("/leads");
    await heading(page).waitFor();
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    const rows = await page.getByRole("row").count();
    await until("the other tab to lead", () =>
      page.evaluate<boolean>(
        "navigator.locks.query().then(({ held, pending }) => held.length === 1 && pending.length === 1)",
      ),
    );
    await asleep.close();
    await send("awake@example.com");
    await page.getByRole("row").nth(rows).waitFor();
    await until("one stream", async () => (await streams()) === 1);
  });

  test("with neither, a tab has a stream while somebody looks at it", async () => {
    const page = await browser.open("/sign-in", { language: "de", role: "operator" });
    await page.addInitScript("delete Navigator.prototype.locks; delete window.SharedWorker");
    await page.goto("/leads");
    await heading(page).waitFor();
    await until("its own stream", async () => (await streams()) === 1);
    const look = (state: string) =>
      page.evaluate(`Object.defineProperty(document, "visibilityState", { value: "${state}", configurable: true });
        document.dispatchEvent(new Event("visibilitychange"))`);
    await look("hidden");
    await until("no stream", async () => (await streams()) === 0);
    const rows = await page.getByRole("row").count();
    await send("unseen@example.com");
    await look("visible");
    await page.getByRole("row").nth(rows).waitFor();
    await until("a stream again", async () => (await streams()) === 1);
  });
});
