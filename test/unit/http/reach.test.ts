// Below which path requests are ours, and what the public address may be.
import { describe, expect, it } from "vitest";
import { parsePublicUrl } from "../../../src/config/public-url.ts";
import { dashboardSections } from "../../../src/http/dashboard.ts";
import { withoutBasePath } from "../../../src/http/reach.ts";
import { upwards } from "../../../src/http/upwards.ts";

const sections = new Set<string>(dashboardSections);

describe("below https://example.com/leads a request is the same", () => {
  const strip = withoutBasePath("/leads", sections);
  it.each([
    ["/leads/", "/"],
    ["/leads", "/"],
    ["/leads?x=1", "/?x=1"],
    ["/leads/webhook/lead/website", "/webhook/lead/website"],
    ["/leads/api/v1/runs?limit=1", "/api/v1/runs?limit=1"],
    ["/leads/leads/0190", "/leads/0190"],
    ["/leads/assets/a.js", "/assets/a.js"],
    ["/leads//health", "//health"],
    // The proxy has taken the path away: a view's own, or nothing of the base path's at all.
    ["/leads/0190", "/leads/0190"],
    ["/leadsource", "/leadsource"],
    ["/webhook/lead", "/webhook/lead"],
    ["/", "/"],
  ])("%s", (url, expected) => {
    const request = { url };
    strip(request);
    expect(request.url).toBe(expected);
  });
});

it("changes nothing where LeadLedger has the host to itself", () => {
  const request = { url: "/leads/api" };
  withoutBasePath("", sections)(request);
  expect(request).toEqual({ url: "/leads/api" });
});

it.each([
  ["/", "./"],
  ["/leads", "./"],
  ["/leads/0190", "../"],
  ["/leads/0190?a=/b/c", "../"],
  ["/attention/7/edit", "../../"],
  ["/attention/", "../"],
])("a page at %s finds the others at %s", (url, expected) => {
  expect(upwards(url)).toBe(expected);
  expect(new URL(`${expected}assets/a.js`, `https://example.com/x${url}`).pathname).toBe("/x/assets/a.js");
});

it.each([
  ["https://leads.example.com", "https://leads.example.com", ""],
  ["https://leads.example.com/", "https://leads.example.com", ""],
  ["HTTPS://Leads.Example.com:443/", "https://leads.example.com", ""],
  ["http://10.0.0.5:8080/Leads/", "http://10.0.0.5:8080/Leads", "/Leads"],
  ["https://[fd00::1]/a/b-c.d~e_f", "https://[fd00::1]/a/b-c.d~e_f", "/a/b-c.d~e_f"],
])("%s is a public address", (text, href, path) => {
  expect(parsePublicUrl(text)).toMatchObject({ href, path });
});

it.each([
  "leads.example.com",
  "ftp://x",
  "https://",
  "https://x//a",
  "https://x/a/../b",
  "https://x/./a",
  "https://x/a?b",
  "https://x/a b",
  "https://x/%2e%2e/a",
  'https://x/"><',
])("%s is none", (text) => {
  expect(parsePublicUrl(text)).toBeNull();
});
