// The server answers with the dashboard's page wherever one of its views has a path, so that a reload finds it.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dashboardSections } from "../../../src/http/dashboard.ts";

test("every view's path has the dashboard's page behind it", () => {
  const routes = readFileSync(new URL("../../../web/routes.tsx", import.meta.url), "utf8");
  const paths = [...routes.matchAll(/path: "\/([a-z-]*)/g)].map(([, section]) => section ?? "");
  const sections = new Set(paths.filter((section) => section !== ""));
  expect(paths.length).toBeGreaterThan(20);
  // The form to sign in stands at whatever path somebody came to, and has one of its own.
  expect([...dashboardSections].toSorted()).toEqual([...sections, "sign-in"].toSorted());
});
