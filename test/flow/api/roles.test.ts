// For every call and every role: the forbidden is forbidden, the allowed is not. What is allowed stands in
// test/support/role-table.ts, by hand.
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { apiRoutes } from "../../../src/api.ts";
import { createApiKey } from "../../../src/ledger/accounts/api-keys.ts";
import { newApiKey, tokenHash } from "../../../src/accounts/token.ts";
import { roles } from "../../../src/domain/accounts/roles.ts";
import type { Role } from "../../../src/domain/accounts/roles.ts";
import { ledgerDatabase, startTestApp } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import type { FreshDatabase } from "../../support/database.ts";
import { roleTable } from "../../support/role-table.ts";

describe("Who may call what", () => {
  let database: FreshDatabase;
  let app: TestApp;
  let keys: Readonly<Record<Role, string>>;
  beforeAll(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
    app = await startTestApp(database);
    const made = await Promise.all(roles.map(async (role) => [role, await keyOf(app, role)] as const));
    keys = Object.fromEntries(made) as Record<Role, string>;
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  const existing = (): string[] =>
    apiRoutes({ installation: app.installation }).map(({ method, path }) => `${method} ${path}`);

  it("is written down for every call, and for no other", () => {
    expect(existing().toSorted()).toEqual(Object.keys(roleTable).toSorted());
  });

  it.each(Object.entries(roleTable))("%s: %s", async (call, allowed) => {
    const [method = "", path = ""] = call.split(" ");
    const statuses: Record<string, number> = { nobody: await statusOf(app, method, path, null) };
    for (const role of roles) statuses[role] = await statusOf(app, method, path, keys[role]);
    const verdicts = Object.entries(statuses).map(([who, status]) => `${who} ${verdict(status)}`);
    const isAllowed = (role: Role): boolean => allowed === "anyone" || allowed.includes(role);
    expect(verdicts).toEqual([
      `nobody ${allowed === "anyone" ? "may" : "must sign in (401)"}`,
      ...roles.map((role) => `${role} ${isAllowed(role) ? "may" : "may not (403)"}`),
    ]);
  });
});

async function keyOf({ installation }: TestApp, role: Role): Promise<string> {
  const { key, prefix } = newApiKey();
  await createApiKey(installation.database, "cli:test", {
    name: role,
    role,
    prefix,
    keyHash: tokenHash(key),
    expiresAt: null,
    clients: null,
  });
  return key;
}

function verdict(status: number): string {
  if (status === 401) return "must sign in (401)";
  return status === 403 ? "may not (403)" : "may";
}

/** Something of which there is none, so that no call that is let through changes what the next one meets. */
function withoutSuch(path: string): string {
  return path.replaceAll(/:(\w+)/g, (_all, name: string) => {
    if (name === "run_id" || name === "operation_id") return "00000000-0000-7000-8000-000000000000";
    return name.endsWith("_id") ? "999999999" : "no-such-thing";
  });
}

/** Who may call is decided before anything else is looked at, so a body that fits nothing is enough. */
async function statusOf(app: TestApp, method: string, path: string, key: string | null): Promise<number> {
  const hasBody = method !== "GET" && method !== "DELETE";
  const ending = new AbortController();
  const response = await fetch(`${app.url}/api/v1${withoutSuch(path)}`, {
    method,
    signal: ending.signal,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(hasBody ? { "content-type": "application/json" } : {}),
    },
    ...(hasBody ? { body: "{}" } : {}),
  });
  // Streams that never end by themselves are among them.
  ending.abort();
  return response.status;
}
