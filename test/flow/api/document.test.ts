// The API describes itself: every call stands in its document, and needs credentials unless it says otherwise.
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { apiRoutes } from "../../../src/api.ts";
import { mayDo, permissions, roles, rolesWith } from "../../../src/domain/accounts/roles.ts";
import { ledgerDatabase, startTestApp } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import { apiClient, testAdminKey } from "../../support/api-client.ts";
import type { FreshDatabase } from "../../support/database.ts";

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}

describe("The API's document", () => {
  let database: FreshDatabase;
  let app: TestApp;
  beforeAll(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
    app = await startTestApp(database, {}, { adminKey: testAdminKey });
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  it("is OpenAPI 3.1 and describes every call that exists", async () => {
    const response = await fetch(`${app.url}/api/openapi.json`);
    const document = (await response.json()) as OpenApi;
    expect(document.openapi).toBe("3.1.0");
    const described = Object.entries(document.paths)
      .filter(([path]) => path.startsWith("/api/v1/"))
      .flatMap(([path, calls]) => Object.keys(calls).map((method) => `${method.toUpperCase()} ${path}`));
    const existing = apiRoutes({ installation: app.installation }).map(
      ({ method, path }) => `${method} /api/v1${path.replaceAll(/:(\w+)/g, "{$1}")}`,
    );
    expect(described.sort()).toEqual(existing.sort());
  });

  it("has readable pages", async () => {
    const response = await fetch(`${app.url}/api/docs/`);
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain("LeadLedger API");
    const files = [...page.matchAll(/(?:href|src)="\.\/([^"]+)"/g)].map(([, path]) => path ?? "");
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const { status, headers } = await fetch(`${app.url}/api/docs/${file}`, { method: "HEAD" });
      expect({ file, status }).toEqual({ file, status: 200 });
      expect(Number(headers.get("content-length"))).toBeGreaterThan(0);
    }
    const missing = await fetch(`${app.url}/api/docs/static/nothing.js`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ code: "not_found" });
  });

  it("checks requests by schemas that are valid", () => {
    const ajv = new Ajv2020({ strict: false });
    for (const { params, query, body } of apiRoutes({ installation: app.installation })) {
      for (const schema of [params, query, body].filter((part) => part !== undefined)) {
        expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
      }
    }
  });

  it("says what is missing: credentials, another role, the shape", async () => {
    expect(await apiClient(app.url, null).get("/system")).toMatchObject({
      status: 401,
      json: { code: "unauthenticated" },
    });
    expect(await apiClient(app.url, "wrong").get("/system")).toMatchObject({ status: 401 });
    expect(await apiClient(app.url).get("/system")).toMatchObject({
      status: 200,
      json: { timezone: "Europe/Berlin", need_decision: 0 },
    });
  });

  it("lets an admin do everything, and every permission is somebody's", () => {
    for (const permission of permissions) {
      expect(mayDo("admin", permission)).toBe(true);
      expect(rolesWith(permission).every((role) => roles.includes(role))).toBe(true);
    }
  });
});
