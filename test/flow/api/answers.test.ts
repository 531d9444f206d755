// Every call of the API is made once, and what it answers is what its document says: a status that is known, a body that
// fits, and no member that is not described. The calls stand in test/support/api-calls.ts.
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, it } from "vitest";
import { testDestination, testSource } from "../../support/app.ts";
import { testAdminKey } from "../../support/api-client.ts";
import { apiCalls } from "../../support/api-calls.ts";
import type { ExampleCall, Made } from "../../support/api-calls.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { always, startSink } from "../../support/sink.ts";
import { until } from "../../support/until.ts";
import { postLead } from "../../support/webhook-client.ts";

interface Described {
  readonly method: string;
  readonly path: string;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}
interface Media {
  readonly schema: object;
}

const failedLeads = 12;
const turnedAwayLeads = 5;
const conflicting = ["twice-1", "twice-2"];

describe("What the API answers", () => {
  const scene = useApiScene(async () => {
    const [broken, crm] = await Promise.all([
      startSink(always({ kind: "answer", status: 400 })),
      startSink(),
    ]);
    return {
      sources: [testSource("website", { to: ["broken"] }), testSource("shop", { to: ["crm"] })],
      destinations: [testDestination("broken", broken.url), testDestination("crm", crm.url)],
    };
  });
  const described = new Map<string, Described>();
  let made: Made;

  beforeAll(async () => {
    const document = (await (await fetch(`${scene.app.url}/api/openapi.json`)).json()) as {
      paths: Record<string, Record<string, Omit<Described, "method" | "path"> & { operationId: string }>>;
      components: { schemas: Record<string, object> };
    };
    const named = document.components.schemas;
    for (const [path, calls] of Object.entries(document.paths)) {
      for (const [method, { operationId, responses }] of Object.entries(calls)) {
        // How leads come in is described beside the API, and tested where they do.
        if (path.startsWith("/api/v1/"))
          described.set(operationId, {
            method: method.toUpperCase(),
            path,
            responses: withoutReferences(responses, named) as Described["responses"],
          });
      }
    }
    const post = async (source: string, key: string): Promise<string> => {
      const body = { name: "Erna Muster", email: "erna@example.com" };
      const answer = await postLead(scene.app.url, { path: `/webhook/lead/${source}`, key, body });
      return String(answer.json["run_id"]);
    };
    for (let lead = 0; lead < turnedAwayLeads; lead += 1)
      await fetch(`${scene.app.url}/webhook/lead/shop`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name: `Without a key ${lead}` }),
      });
    const turnedAway = await until("what was turned away is kept", async () => {
      const rows = await scene.query<{ id: string }>(
        "SELECT quarantine_id::text AS id FROM internal.quarantine",
      );
      return rows.length === turnedAwayLeads && rows.map(({ id }) => id);
    });
    const deliveredRun = await post("shop", "delivered");
    const failedRun = await post("website", "failed");
    for (let lead = 1; lead < failedLeads; lead += 1) await post("website", `failed-${lead}`);
    const entries = await until("all leads have ended", async () => {
      const rows = await scene.query<{ dlq_id: string }>("SELECT dlq_id FROM dlq ORDER BY dlq_id");
      const open = await scene.query("SELECT FROM runs WHERE status = 'accepted'");
      return rows.length === failedLeads && open.length === 0 && rows.map((row) => Number(row.dlq_id));
    });
    for (const key of conflicting) {
      await post("shop", key);
      await postLead(scene.app.url, { path: "/webhook/lead/shop", key, body: { name: "Erna Anders" } });
    }
    const conflicts = (
      await scene.query<{ dlq_id: string }>("SELECT dlq_id FROM dlq WHERE kind = 'conflict' ORDER BY dlq_id")
    ).map(({ dlq_id: id }) => Number(id));
    made = {
      deliveredRun,
      failedRun,
      answers: {},
      nextEntry() {
        const id = entries.shift();
        if (id === undefined) throw new Error("more failed leads are needed: failedLeads");
        return id;
      },
      nextConflict() {
        const id = conflicts.shift();
        if (id === undefined) throw new Error("more keys with two bodies are needed: conflicting");
        return id;
      },
      nextTurnedAway() {
        const id = turnedAway.shift();
        if (id === undefined) throw new Error("more requests without a key are needed: turnedAwayLeads");
        return id;
      },
    };
  });

  it("is asked of every call that there is", () => {
    expect(
      Object.keys(apiCalls)
        .filter((id) => described.has(id))
        .toSorted(),
    ).toEqual([...described.keys()].toSorted());
  });

  it.each(Object.entries(apiCalls))("%s", async (operationId, example) => {
    const call = described.get(operationId);
    if (call === undefined) return;
    const asked = example(made);
    const { status, mediaType, text } = await answerTo(scene.app.url, call, asked);
    expect(status, text).toBe(asked.status ?? expectedStatus(call));
    const schema = (call.responses[status] ?? call.responses["default"])?.content;
    if (text === "") {
      expect(schema).toBeUndefined();
      return;
    }
    const [, media] = Object.entries(schema ?? {}).find(([type]) => type.split(";")[0] === mediaType) ?? [];
    expect(media, `${mediaType} is not described for ${status}`).toBeDefined();
    if (!/^application\/(?:problem\+)?json$/.test(mediaType)) return;
    const json: unknown = JSON.parse(text);
    expect(faults(media?.schema ?? {}, json)).toEqual([]);
    if (typeof json === "object" && json !== null) made.answers[operationId] = { ...json };
  });

  it("is a fault where a member is missing, of another type, or not described", () => {
    const schema = described.get("get_system")?.responses["200"]?.content?.["application/json"]?.schema ?? {};
    const right = made.answers["get_system"] ?? {};
    expect(faults(schema, right)).toEqual([]);
    expect(faults(schema, { ...right, version: 1 })).not.toEqual([]);
    expect(faults(schema, { ...right, secret: "x" })).not.toEqual([]);
    const missing = Object.fromEntries(Object.entries(right).slice(1));
    expect(faults(schema, missing)).not.toEqual([]);
  });
});

async function answerTo(
  url: string,
  { method, path }: Described,
  { params = {}, query, body, headers, endless }: ExampleCall,
): Promise<{ status: number; mediaType: string; text: string }> {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(params[name] ?? ""),
  );
  const ending = new AbortController();
  const response = await fetch(`${url}${filled}${query === undefined ? "" : `?${query}`}`, {
    method,
    signal: ending.signal,
    headers: {
      authorization: `Bearer ${testAdminKey}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = endless === true ? "an endless answer" : await response.text();
  if (endless === true) ending.abort();
  const mediaType = (response.headers.get("content-type") ?? "").split(";")[0] ?? "";
  return { status: response.status, mediaType, text };
}

/** The first success that the document names. */
function expectedStatus({ responses }: Described): number {
  return Number(Object.keys(responses).find((status) => status.startsWith("2")));
}

function faults(schema: object, json: unknown): string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(closedThroughout(schema) as object);
  if (validate(json)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message ?? ""} ${JSON.stringify(params)}`,
  );
}

/** With every named schema in the places that refer to it. */
function withoutReferences(described: unknown, named: Readonly<Record<string, object>>): unknown {
  if (Array.isArray(described)) return described.map((each) => withoutReferences(each, named));
  if (typeof described !== "object" || described === null) return described;
  const { $ref: reference, ...rest } = described as { readonly $ref?: unknown };
  const target = typeof reference === "string" ? named[reference.split("/").at(-1) ?? ""] : undefined;
  return Object.fromEntries(
    Object.entries({ ...target, ...rest }).map(([name, value]) => [name, withoutReferences(value, named)]),
  );
}

/**
 * The document leaves objects open, so that members may be added; here one that is not described is a fault.
 * `isPart`: of a whole whose other parts know members of their own, so that only the whole can be closed.
 */
function closedThroughout(schema: unknown, isPart = false): unknown {
  if (Array.isArray(schema)) return schema.map((each) => closedThroughout(each, isPart));
  if (typeof schema !== "object" || schema === null) return schema;
  const isWhole = !isPart && "allOf" in schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => {
      const ofSameObject = name === "allOf" || name === "anyOf" || name === "oneOf";
      return [name, closedThroughout(value, ofSameObject && (isPart || isWhole))];
    }),
  );
  const isOpen = inner["type"] === "object" && "properties" in inner && !("additionalProperties" in inner);
  return isWhole || (isOpen && !isPart) ? { ...inner, unevaluatedProperties: false } : inner;
}
