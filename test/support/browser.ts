// A real browser for tests of the dashboard: pages of people who are signed in, in their language, scheme and width. A page
// that reports an error, breaks the content security policy or asks another host for anything fails its test.
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, expect, inject } from "vitest";
import type { Role } from "../../src/domain/accounts/roles.ts";
import { cookieOf, makeUser, testPassword, trySignIn } from "./accounts.ts";
import { plant } from "./leak-watch.ts";
import type { ApiScene } from "./api-scene.ts";

export type Language = "de" | "en";
export type Scheme = "light" | "dark";
export type Width = "desktop" | "phone";

export interface Viewing {
  readonly language?: Language;
  readonly scheme?: Scheme;
  readonly width?: Width;
  /** Absent: an admin; null: nobody is signed in. */
  readonly role?: Role | null;
  /** Through what it is reached, a proxy; absent: directly. Whatever certificate there is, it is taken. */
  readonly at?: string;
  /** The page that the tests before had in that language, which has the dashboard's files already, and perhaps the view. */
  readonly again?: boolean;
  /** What this page may complain about, because the test makes it. */
  readonly expects?: RegExp;
}

export interface BrowserScene {
  /** A page of its own, with a session of its own, at `path`. */
  open(path: string, viewing?: Viewing): Promise<Page>;
}

const sizes = { desktop: { width: 1360, height: 900 }, phone: { width: 390, height: 844 } } as const;
const actionTimeoutMs = 30_000;
const screenshotFolder = join(import.meta.dirname, "../../test-results/screenshots");

export function useBrowser(scene: ApiScene): BrowserScene {
  const contexts = new Set<BrowserContext>();
  const again = new Map<string, Page>();
  let complaints: string[] = [];
  const users = new Map<string, string>();

  afterEach(async () => {
    for (const context of contexts) await context.close();
    contexts.clear();
    const told = complaints;
    complaints = [];
    expect(told, "what the pages complained about").toEqual([]);
  });
  afterAll(async () => {
    for (const page of again.values()) await page.context().close();
    again.clear();
  });

  return {
    async open(path, viewing = {}) {
      const { language = "de", scheme = "light", width = "desktop", role = "admin", expects, at } = viewing;
      const name = viewing.again === true ? `${language} ${role}` : null;
      const known = name === null ? undefined : again.get(name);
      if (known !== undefined) {
        await known.setViewportSize(sizes[width]);
        await known.emulateMedia({ colorScheme: scheme });
        if (!known.url().endsWith(path)) await known.goto(path);
        return known;
      }
      const url = at === undefined ? scene.app.url : new URL(at).origin;
      const context = await (
        await startedBrowser()
      ).newContext({
        baseURL: url,
        ignoreHTTPSErrors: at !== undefined,
        locale: language === "de" ? "de-DE" : "en-GB",
        timezoneId: "Europe/Berlin",
        colorScheme: scheme,
        viewport: sizes[width],
        reducedMotion: "reduce",
      });
      if (name === null) contexts.add(context);
      context.setDefaultTimeout(actionTimeoutMs);
      if (role !== null) {
        const login = `${role}-${language}`;
        if (!users.has(login)) {
          const user = await makeUser(scene.app.installation.database, login, role);
          await scene.query("UPDATE internal.users SET language = $2, display_name = $3 WHERE user_id = $1", [
            user.user_id,
            language,
            language === "de" ? "Jana Köhler" : "Jane Cooper",
          ]);
          users.set(login, cookieOf(await trySignIn(url, login, testPassword)));
        }
        const [cookie = "", value = ""] = (users.get(login) ?? "").split("=");
        plant([value]);
        await context.addCookies([{ name: cookie, value, url }]);
      }
      const page = await context.newPage();
      if (name !== null) again.set(name, page);
      watch(page, url, (complaint) => {
        if (expects?.test(complaint) !== true) complaints.push(complaint);
      });
      await page.goto(path);
      return page;
    },
  };
}

let browser: Promise<Browser> | undefined;

/** One for all files of a worker, which share its modules; it ends with the worker's process. What tests do in it is kept apart by contexts. */
function startedBrowser(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: inject("chromiumPath"),
    // The tests' own pages are the only ones it sees; as root there is no sandbox.
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--font-render-hinting=none"],
  });
  return browser;
}

/** Kept for people to look at, in test-results/screenshots. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(screenshotFolder, { recursive: true });
  await page.screenshot({ path: join(screenshotFolder, `${name}.png`), fullPage: true });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeFinding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds against WCAG 2.2 A and AA, in short; empty is how it should be. */
export async function accessibilityFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: unknown): Promise<{ violations: readonly AxeFinding[] }> };
    };
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    return (await axe.run({ runOnly: { type: "tag", values: tags } })).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ html, failureSummary = "" }) => `${id}: ${html.slice(0, 300)} ${failureSummary.slice(0, 400)}`,
    ),
  );
}

/** Of each row of a table what its cells say; `rows` must be there already. */
export async function cellTexts(rows: Locator): Promise<string[][]> {
  return Promise.all((await rows.all()).map((row) => row.locator("th, td").allTextContents()));
}

/** Whether something is wider than the window, so that one would have to scroll sideways. */
export function overflowPx(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}

function watch(page: Page, url: string, complain: (complaint: string) => void): void {
  page.on("pageerror", (error) => complain(`error: ${error.message}`));
  page.on("console", (message) => {
    // The browser notes every answer that is not 2xx; the tests look at what the page makes of them.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      complain(`console: ${message.text()}`);
    }
  });
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && protocol !== "blob:" && origin !== url)
      complain(`asked another host: ${origin}`);
  });
}
