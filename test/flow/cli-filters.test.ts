// Every filter of a list gives the same rows on the command line as over HTTP.
import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { createTerminal } from "../../src/cli/frame/terminal.ts";
import { runProgram } from "../../src/cli/program.ts";
import type { dlqFilterMembers } from "../../src/http/api/attention/dlq-filter.ts";
import type { operationFilterMembers } from "../../src/http/api/attention/operation-filter.ts";
import type { quarantineFilterMembers } from "../../src/http/api/attention/quarantine-filter.ts";
import type { userFilterMembers } from "../../src/http/api/accounts/user-filter.ts";
import type { runFilterMembers } from "../../src/http/api/leads/run-filter.ts";
import type { auditFilterMembers } from "../../src/http/api/log/audit-filter.ts";
import type { partFilterMembers } from "../../src/http/api/sources-and-destinations/part-filter.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import { testAdminKey } from "../support/api-client.ts";
import { useAttentionScene } from "../support/attention-scene.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

type Row = Readonly<Record<string, string | number | boolean | null | undefined>>;
/** What to look for: some of the rows that are there, and not all. */
type Values<Members> = { readonly [Name in keyof Members]-?: string | ((rows: readonly Row[]) => string) };

interface Narrowed<Members> {
  readonly command: readonly string[];
  readonly values: Values<Members>;
}

const someValue = (name: string) => (rows: readonly Row[]) =>
  String(rows.map((row) => row[name]).find((value) => value != null));
const timeAmidst = (name: string) => (rows: readonly Row[]) =>
  String(rows[Math.floor(rows.length / 2)]?.[name]);
const anna = { email: "anna@example.com", phone: "+49 171 1234567" };

const runs: Narrowed<typeof runFilterMembers> = {
  command: ["runs", "list"],
  values: {
    run_id: someValue("run_id"),
    status: "processed",
    source: "formular",
    client: "muster",
    destination: "crm",
    outcome: "delivered",
    error_code: someValue("error_code"),
    error_message: "422",
    received_from: timeAmidst("received_at"),
    received_to: timeAmidst("received_at"),
    idempotency_key: "anna",
    remote_id: "r-4711",
    unproven: "true",
    maybe_twice: "true",
    known_person: "true",
    added_to_person: "true",
    warning: "true",
    test: "true",
    refused: "true",
    needs_decision: "true",
    retrying: "true",
    given_up: "true",
    unfinished: "true",
    ...anna,
    name: "Dora",
  },
};

const dlq: Narrowed<typeof dlqFilterMembers> = {
  command: ["dlq", "list"],
  values: {
    dlq_id: someValue("dlq_id"),
    status: "dead",
    kind: "refused",
    destination: "crm",
    source: "formular",
    client: "muster",
    error_code: someValue("error_code"),
    without: "destination",
    reason: "422",
    created_from: timeAmidst("created_at"),
    created_to: timeAmidst("created_at"),
    next_retry_before: "2100-01-01",
    needs_decision: "true",
    run_id: someValue("run_id"),
    idempotency_key: "anna",
    ...anna,
  },
};

const quarantine: Narrowed<typeof quarantineFilterMembers> = {
  command: ["quarantine", "list"],
  values: {
    source: "keeping",
    client: "muster",
    error_code: someValue("error_code"),
    authenticated: "true",
    received_from: timeAmidst("received_at"),
    received_to: timeAmidst("received_at"),
    ...anna,
  },
};

const auditEvents: Narrowed<typeof auditFilterMembers> = {
  command: ["audit", "list"],
  values: {
    event_type: "lead_failed",
    actor: someValue("actor"),
    client: "muster",
    run_id: someValue("run_id"),
    time_from: timeAmidst("event_time"),
    time_to: timeAmidst("event_time"),
    health_checks: "true",
  },
};

const operations: Narrowed<typeof operationFilterMembers> = {
  command: ["operation", "list"],
  values: { status: "cancelled", action: "dlq.dead", client: "muster" },
};

const users: Narrowed<typeof userFilterMembers> = {
  command: ["user", "list"],
  values: { login: "anna@example.com" },
};

const sources: Narrowed<typeof partFilterMembers> = {
  command: ["source", "list"],
  values: { enabled: "false", managed_by: "file", client: "muster" },
};

const lists = {
  "/runs": runs,
  "/dlq": dlq,
  "/quarantine": quarantine,
  "/audit-events": auditEvents,
  "/operations": operations,
  "/users": users,
  "/sources": sources,
  "/destinations": { ...sources, command: ["destination", "list"] },
};

/** The command's own view where nothing is asked for: what is open, what is in use. */
const everything: Readonly<Record<string, Row>> = {
  "/dlq": { status: "all" },
  "/sources": { all: undefined },
  "/destinations": { all: undefined },
};

describe("A filter of a list", () => {
  const scene = useAttentionScene();
  beforeAll(() => makeRows(scene));

  const cases = Object.entries(lists).flatMap(([path, { command, values }]) =>
    Object.entries<string | ((rows: readonly Row[]) => string)>(values).map(
      ([name, value]) => [path, name, command, value] as const,
    ),
  );

  it.each(cases)("%s, %s: gives the same rows on the command line", async (path, name, command, value) => {
    const all = await asked(path, {});
    const text = typeof value === "string" ? value : value(all);
    const options = { ...everything[path], [name]: text };
    const words = Object.entries(options).flatMap(([option, said]) => [
      `--${option.replaceAll("_", "-")}`,
      ...(said === undefined ? [] : [String(said)]),
    ]);
    // The node goes on meanwhile, and its log with it.
    const { rows, shown } = await until("nothing is written between both", async () => {
      const before = await asked(path, { [name]: text });
      const found = await listed(...command, ...words);
      const after = await asked(path, { [name]: text });
      return isDeepStrictEqual(before, after) ? { rows: before, shown: found } : null;
    });
    expect(rows, text).not.toEqual([]);
    expect(rows, text).not.toEqual(all);
    expect(shown).toEqual(rows);
  });

  async function asked(path: string, query: Readonly<Record<string, string>>): Promise<readonly Row[]> {
    const search = new URLSearchParams({ limit: "500", ...query });
    const { json } = await scene.api.get(`${path}?${search.toString()}`);
    return json["items"] as readonly Row[];
  }

  async function listed(...argv: readonly string[]): Promise<readonly Row[]> {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) };
    const limit = argv[0] === "user" ? [] : ["--limit", "500"];
    await runProgram([...argv, ...limit, "--json", "--url", scene.app.url, "--key", testAdminKey], {
      language: "en",
      env: {},
      actor: "cli:anna",
      kinds: builtInKinds,
      say: (texts: { en: string }) => texts.en,
      terminal: createTerminal(stream, stream, {}),
    });
    return (JSON.parse(written.join("")) as { items: readonly Row[] }).items;
  }
});

/** Something of every state, so that each filter has rows to find and rows to leave out. */
async function makeRows(scene: ReturnType<typeof useAttentionScene>): Promise<void> {
  const { api, app } = scene;
  const person = JSON.stringify({ name: "Anna", ...anna });
  await scene.rejectedLead("anna", person);
  const retrying = await scene.rejectedLead("retrying", '{"name":"Berta"}');
  const dead = await scene.rejectedLead("dead", '{"name":"Carla"}');
  await scene.refusedPayload("refused", '{"name":7}');
  scene.answer("accept");
  await postLead(app.url, { path: "/webhook/lead/website", key: "delivered", body: '{"name":"Dora"}' });
  await api.post("/sources/website/test", {});
  await scene.query(
    "UPDATE dlq SET next_retry_at = clock_timestamp() + interval '1 hour' WHERE dlq_id = $1",
    [retrying.dlqId],
  );
  await scene.query(
    `INSERT INTO internal.receipts (run_id, destination, remote_id, proven, maybe_twice, duplicate)
     SELECT run_id, 'crm', 'r-4711', false, true, 'known_person' FROM runs WHERE idempotency_key = 'anna'`,
  );
  await scene.query(
    `INSERT INTO internal.receipts (run_id, destination, duplicate, warning)
     SELECT run_id, 'crm', 'added_to_person', 'without its note' FROM runs WHERE idempotency_key = 'delivered'`,
  );
  await postLead(app.url, { path: "/webhook/lead/website", body: person });
  await api.post("/sources", {
    name: "keeping",
    auth: { kind: "token" },
    on_bad_credentials: "quarantine",
    to: null,
  });
  await until("a request without credentials is kept", async () => {
    await postLead(app.url, { path: "/webhook/lead/keeping", body: "{}" });
    const [row] = await scene.query("SELECT FROM internal.quarantine WHERE NOT authenticated");
    return row ?? null;
  });
  await api.post("/destinations", {
    name: "muster-crm",
    kind: "http",
    url: scene.sink.url,
    client: "muster",
  });
  await api.post("/sources", {
    name: "muster-web",
    client: "muster",
    auth: { kind: "none" },
    key: { header: "required" },
    to: [],
  });
  await until("a client's lead is taken in, one refused, and a request kept", async () => {
    const path = "/webhook/lead/muster-web";
    await postLead(app.url, { path, key: "muster", body: person });
    await postLead(app.url, { path, key: "unreadable", body: "{" });
    await postLead(app.url, { path, body: "{}" });
    const [row] = await scene.query(
      `SELECT FROM runs r, dlq q, internal.quarantine k
       WHERE r.source = 'muster-web' AND q.source = r.source AND k.source = r.source`,
    );
    return row ?? null;
  });
  await api.post("/operations", { action: "dlq.dead", ids: [dead.dlqId], reason: "spam" });
  await scene.query(
    `INSERT INTO internal.operations (operation_id, action, filter, reason, actor, up_to, status, finished_at)
     VALUES (gen_random_uuid(), 'dlq.retry', '{"client": "muster"}', 'again', 'user:1', '9', 'cancelled', clock_timestamp())`,
  );
  for (const login of ["anna@example.com", "bert@example.com"])
    await api.post("/users", { login, display_name: login, role: "viewer" });
  await api.post("/sources", { name: "short", auth: { kind: "token" }, to: ["crm"] });
  await api.delete("/sources/short");
  await api.post("/destinations", { name: "short", kind: "http", url: scene.sink.url, allow_private: true });
  await api.delete("/destinations/short");
  await fetch(`${app.url}/health`);
  await until("all is quiet", async () => {
    const [row] = await scene.query<{ quiet: boolean }>(
      `SELECT NOT EXISTS (SELECT FROM internal.operations WHERE finished_at IS NULL)
         AND NOT EXISTS (SELECT FROM runs WHERE status = 'accepted')
         AND EXISTS (SELECT FROM audit_events WHERE event_type = 'health_check')
         AND (SELECT (value ->> 'done')::bigint FROM internal.settings WHERE name = 'person_names')
           >= (SELECT max(event_id) FROM audit_events WHERE event_type = 'lead_received') AS quiet`,
    );
    return row?.quiet === true ? true : null;
  });
}
