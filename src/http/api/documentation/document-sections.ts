// What the OpenAPI document says besides the calls of the API: how leads come in, what destinations receive, and what the
// groups of calls are about.
import { errorCatalogue } from "../../../domain/errors/error-catalogue.ts";
import type { ErrorCode } from "../../../domain/errors/error-catalogue.ts";
import { problemMediaType } from "../../problem.ts";

/** Every tag of a route; a test compares them. */
export const tags: Readonly<Record<string, string>> = {
  intake: "Leads come in, and whether they can.",
  runs: "Leads, each with everything that happened to it.",
  dlq: "What needs attention: entries of the dead-letter queue.",
  operations: "Many entries or leads at once.",
  deliveries: "Stopping and resuming all deliveries.",
  quarantine: "What was turned away and may hold a lead.",
  kpi: "Daily figures, and how today goes.",
  audit: "The append-only log.",
  events: "What happens, as it happens.",
  sources: "Who may post leads.",
  destinations: "Where leads go.",
  sla: "What is agreed about leads, and how days and months keep it.",
  alerts: "What is wrong, and who is told of it.",
  clients: "Whose sources and destinations these are, of an agency.",
  forms: "The fields that sources and destinations have.",
  imports: "Leads from files.",
  exports: "Everything out to files.",
  settings: "What all nodes share.",
  users: "Who may sign in.",
  "api-keys": "Who may call with a key.",
  session: "Signing in and out.",
  system: "The installation itself.",
};

const runId = { type: "string", format: "uuid", description: "The lead's id." };
const lead = { type: "object", additionalProperties: true, description: "The lead, as its sender sent it." };

/** Named schemas of the paths and webhooks below. */
export const intakeSchemas = {
  Lead: lead,
  LeadAccepted: {
    type: "object",
    required: ["status", "run_id"],
    properties: { status: { const: "accepted" }, run_id: runId },
  },
  LeadDuplicate: {
    type: "object",
    required: ["status", "run_id", "existing_status"],
    properties: {
      status: { const: "duplicate" },
      run_id: runId,
      existing_status: { type: "string", enum: ["accepted", "processed", "failed"] },
    },
  },
  LeadDelivery: {
    type: "object",
    required: ["type", "run_id", "source", "received_at", "data"],
    properties: {
      type: { const: "lead.received" },
      run_id: runId,
      source: { type: "string", description: "Name of the source." },
      received_at: { type: "string", format: "date-time" },
      data: { $ref: "#/components/schemas/Lead" },
    },
  },
  Health: {
    type: "object",
    required: ["status"],
    properties: { status: { type: "string", enum: ["ok", "degraded", "unavailable"] } },
  },
} as const;

const intakeProblems = [
  ...(["idempotency_key_missing", "body_too_large", "media_type_unsupported", "rate_limited"] as const),
  ...(["idempotency_key_reused", "schema_violation", "json_malformed", "key_pointer_missing"] as const),
  ...(["intake_overloaded", "ledger_unavailable"] as const),
] as const satisfies readonly ErrorCode[];

const keyHeader = (name: string) => ({
  name,
  in: "header",
  required: false,
  schema: { type: "string", maxLength: 255 },
  description:
    "The lead's idempotency key, quoted or bare. Not needed where the source takes it from the body, or does without.",
});

function postLead(operationId: string, parameters: readonly object[], summary: string) {
  return {
    post: {
      operationId,
      summary,
      tags: ["intake"],
      description:
        "202 means that the lead is on disk. The same lead under the same key is answered 200 with the same `run_id`. A body that cannot be read, or breaks the source's schema, is kept all the same: 422 with `run_id` and `dlq_id`.",
      security: [{ token: [] }, { apiKeyHeader: [] }, { signature: [], signatureTime: [] }, {}],
      parameters: [...parameters, keyHeader("Idempotency-Key"), keyHeader("X-Idempotency-Key")],
      requestBody: {
        required: true,
        content: {
          "application/json": { schema: { $ref: "#/components/schemas/Lead" } },
          "application/x-www-form-urlencoded": { schema: { $ref: "#/components/schemas/Lead" } },
          "multipart/form-data": { schema: { $ref: "#/components/schemas/Lead" } },
        },
      },
      responses: {
        "200": answer("It was here before.", "LeadDuplicate"),
        "202": answer("It was taken.", "LeadAccepted"),
        ...problemResponses(intakeProblems),
      },
    },
  };
}

function answer(description: string, name: keyof typeof intakeSchemas) {
  return {
    description,
    content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
  };
}

const problemContent = { [problemMediaType]: { schema: { $ref: "#/components/schemas/Problem" } } };

/** Problem details by their status. `content`: of our routes, whose document is given its references last. */
export function problemResponses(
  codes: readonly ErrorCode[],
  content: object = problemContent,
): Record<string, object> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(codes)) {
    const { status } = errorCatalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [
      String(status),
      { description: `Problem details (RFC 9457); \`code\` is one of: ${of.join(", ")}.`, content },
    ]),
  );
}

export const intakePaths = {
  "/webhook/lead": postLead(
    "post_lead",
    [
      {
        name: "X-Source",
        in: "header",
        required: false,
        schema: { type: "string", default: "unknown" },
        description: "Name of the source.",
      },
    ],
    "Send a lead, its source in a header",
  ),
  "/webhook/lead/{source}": postLead(
    "post_lead_source",
    [{ name: "source", in: "path", required: true, schema: { type: "string" }, description: "Its name." }],
    "Send a lead",
  ),
  "/health": {
    get: {
      operationId: "get_health",
      summary: "Whether leads can be taken",
      tags: ["intake"],
      security: [],
      description:
        "Leaves an audit event `health_check`. `degraded`: leads are taken, but something is wrong.",
      responses: {
        "200": answer("Leads can be taken.", "Health"),
        "503": answer("They cannot.", "Health"),
        "4XX": { description: "The request could not be read.", content: problemContent },
      },
    },
  },
};

/** What an `http` destination receives (Standard Webhooks 1.0). */
export const webhooks = {
  "lead.received": {
    post: {
      operationId: "lead_received",
      summary: "A lead is delivered",
      tags: ["destinations"],
      security: [],
      description:
        "To the address of each destination of a lead, at least once: `webhook-id` is the same over all attempts. 2xx is success; 408, 425, 429 and 5xx are tried again, other 4xx wait for a person.",
      parameters: [
        deliveryHeader("webhook-id", true, "`{run_id}:{destination}`; of a repeated delivery the same."),
        deliveryHeader("webhook-timestamp", true, "Seconds since 1970."),
        deliveryHeader(
          "webhook-signature",
          false,
          "`v1,` and the base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`; several are separated by spaces.",
        ),
        deliveryHeader("idempotency-key", true, "As `webhook-id`."),
      ],
      requestBody: {
        required: true,
        content: { "application/json": { schema: { $ref: "#/components/schemas/LeadDelivery" } } },
      },
      responses: {
        "2XX": { description: "Taken." },
        "429": { description: "Later; `Retry-After` is honoured." },
        "4XX": { description: "Not taken: a person must look at it." },
        "5XX": { description: "Not now: it is tried again." },
      },
    },
  },
};

function deliveryHeader(name: string, required: boolean, description: string) {
  return { name, in: "header", required, schema: { type: "string" }, description };
}

export const securitySchemes = {
  key: { type: "http" as const, scheme: "bearer", description: "An API key." },
  session: { type: "apiKey" as const, in: "cookie" as const, name: "leadledger_session" },
  token: { type: "http" as const, scheme: "bearer", description: "The token of a source." },
  apiKeyHeader: { type: "apiKey" as const, in: "header" as const, name: "X-Api-Key" },
  signature: {
    type: "apiKey" as const,
    in: "header" as const,
    name: "X-Signature",
    description: "`sha256=` and the hex of HMAC-SHA256 over `{X-Timestamp}.{body}`.",
  },
  signatureTime: {
    type: "apiKey" as const,
    in: "header" as const,
    name: "X-Timestamp",
    description: "Seconds since 1970.",
  },
};
