// The API's description of itself: the OpenAPI document at /api/openapi.json, and readable pages at /api/docs. A server of
// its own, which is asked without a network, so that it can be made when somebody first looks: every start would wait for
// it otherwise.
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import Fastify from "fastify";
import type { FastifyInstance, FastifySchema } from "fastify";
import { rolesWith } from "../../../domain/accounts/roles.ts";
import { packageVersion } from "../../../runtime/package-version.ts";
import { problemMediaType } from "../../problem.ts";
import type { ErrorCode } from "../../../domain/errors/error-catalogue.ts";
import { apiKeySchema, sessionSchema, userSchema } from "../accounts/account-schemas.ts";
import {
  intakePaths,
  intakeSchemas,
  problemResponses,
  securitySchemes,
  tags,
  webhooks,
} from "./document-sections.ts";
import { nameSchemas } from "./document-schemas.ts";
import { errorExplanation } from "../frame/error-code-routes.ts";
import { formsSchema } from "../sources-and-destinations/form-schemas.ts";
import { operation, operationOrder, operationTarget } from "../attention/operation-schemas.ts";
import { alarm, overview } from "../figures/overview-schemas.ts";
import { circuitShape } from "../sources-and-destinations/part-schemas.ts";
import { problemSchema } from "../frame/problem-schema.ts";
import {
  auditEvent,
  entryItem,
  entryWithPayload,
  runDetail,
  listedRun,
  shownEntry,
} from "../leads/run-schemas.ts";
import type { Route } from "../frame/route.ts";

/** `prefix`: below which the routes are served. */
export async function makeDocumentation(routes: readonly Route[], prefix: string): Promise<FastifyInstance> {
  const server = Fastify({
    logger: false,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
  });
  // The routes are shown and never called here.
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => (data) => JSON.stringify(data));
  await server.register(swagger, { openapi: documentHead() });
  await server.register(swaggerUi, {
    routePrefix: "/api/docs",
    staticCSP: true,
    theme: { title: "LeadLedger API" },
    // Without a validator: the page would show the document's address to somebody else's server.
    uiConfig: {
      docExpansion: "list",
      defaultModelsExpandDepth: 0,
      supportedSubmitMethods: [],
      validatorUrl: null,
    },
  });
  server.get("/api/openapi.json", { schema: { hide: true } }, (_request, reply) =>
    reply.send(completed(server.swagger() as unknown as Document)),
  );
  for (const route of routes) {
    server.route({
      method: route.method,
      url: `${prefix}${route.path}`,
      schema: describe(route),
      handler: (_request, reply) => reply.callNotFound(),
    });
  }
  await server.ready();
  return server;
}

function documentHead() {
  return {
    openapi: "3.1.0",
    info: {
      title: "LeadLedger",
      version: packageVersion(),
      description:
        "Takes every lead exactly once, never loses it, delivers it, and can prove and count what happened.",
      contact: { name: "LeadLedger" },
      license: { name: "MIT", identifier: "MIT" },
    },
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    components: { securitySchemes },
  };
}

interface Document extends Readonly<Record<string, unknown>> {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

interface WithContent {
  readonly content?: Readonly<Record<string, { readonly schema?: unknown }>>;
}

interface Operation extends Readonly<Record<string, unknown>> {
  readonly operationId: string;
  readonly requestBody?: WithContent;
  readonly responses?: Readonly<Record<string, WithContent>>;
  readonly parameters?: readonly Readonly<Record<string, unknown>>[];
}

/** With what the routes do not say themselves: how leads come in and go out, and the names of what they have in common. */
function completed({ paths, components, ...document }: Document): unknown {
  const named = nameSchemas({
    ...bodiesOf(paths),
    Problem: problemSchema,
    Run: listedRun,
    RunDetail: runDetail,
    AuditEvent: auditEvent,
    Entry: entryItem,
    EntryWithPayload: entryWithPayload,
    ShownEntry: shownEntry,
    Operation: operation,
    Alarm: alarm,
    Overview: overview,
    Forms: formsSchema,
    User: userSchema,
    ApiKey: apiKeySchema,
    Session: sessionSchema,
    ErrorExplanation: errorExplanation,
    Circuit: circuitShape,
    OperationTarget: operationTarget,
    OperationOrder: operationOrder,
  });
  const described = named.refer(
    Object.fromEntries(Object.entries(paths).map(([path, calls]) => [path, withParameters(calls)])),
  );
  return {
    ...document,
    // Seen from /api/openapi.json, so that it holds below a path, too.
    servers: [{ url: "..", description: "The LeadLedger that this document comes from." }],
    paths: { ...intakePaths, ...(described as object) },
    webhooks,
    components: { ...components, schemas: { ...intakeSchemas, ...named.schemas } },
  };
}

/** Bodies of requests and answers that have no name of their own are called by their call. */
function bodiesOf(paths: Document["paths"]): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const { operationId, requestBody, responses } of Object.values(paths).flatMap((calls) =>
    Object.values(calls),
  )) {
    const name = operationId
      .split("_")
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join("");
    if (isObjectSchema(jsonOf(requestBody))) named[`${name}Request`] = jsonOf(requestBody);
    for (const [status, response] of Object.entries(responses ?? {}))
      if (status.startsWith("2") && isObjectSchema(jsonOf(response)))
        named[`${name}Answer`] = jsonOf(response);
  }
  return named;
}

function jsonOf(body: WithContent | undefined): unknown {
  return body?.content?.["application/json"]?.schema;
}

/** Without a name of its own. */
function isObjectSchema(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null || "x-name" in schema) return false;
  return "type" in schema && schema.type === "object";
}

/** In a query a list of one is one value anyhow. */
function withParameters(calls: Readonly<Record<string, Operation>>): unknown {
  return Object.fromEntries(
    Object.entries(calls).map(([method, call]) => {
      const parameters = call.parameters?.map(({ schema, ...parameter }) => {
        const parts = Object.entries(schema ?? {}).filter(([name]) => name !== "x-one-or-list");
        return { ...parameter, schema: Object.fromEntries(parts) };
      });
      return [method, parameters === undefined ? call : { ...call, parameters }];
    }),
  );
}

function describe({ params, query, body, answers, ...route }: Route): FastifySchema {
  const problems: ErrorCode[] = [
    "request_invalid",
    "unauthenticated",
    "forbidden",
    "database_unavailable",
    "internal_error",
    ...(route.problems ?? []),
  ];
  const response: Record<string, unknown> = problemResponses(problems, {
    [problemMediaType]: { schema: problemSchema },
  });
  for (const [status, schema] of Object.entries(answers)) {
    response[status] =
      schema === null
        ? { description: "Done.", type: "null" }
        : { description: summaryOf(status), content: { "application/json": { schema } } };
  }
  if (route.streams !== undefined) {
    const isEvents = route.streams.includes("text/event-stream");
    response["200"] = {
      description: isEvents ? "Server-sent events, one after the other, without an end." : "The file.",
      content: Object.fromEntries(route.streams.map((type) => [type, { schema: { type: "string" } }])),
    };
  }
  const { access } = route;
  const who =
    access === "anyone"
      ? "Needs no credentials."
      : access === "signed_in"
        ? "For every role."
        : `Roles: ${rolesWith(access).join(", ")}.`;
  return {
    summary: route.summary,
    description: [route.description, who].filter((text) => text !== undefined).join("\n\n"),
    operationId: operationId(route),
    tags: [route.tag],
    security: access === "anyone" ? [] : [{ key: [] }, { session: [] }],
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined ? {} : { body }),
    response,
  };
}

function summaryOf(status: string): string {
  return { "201": "Made.", "202": "Taken; it is done next." }[status] ?? "Done.";
}

/** `GET /runs/:run_id` is `get_runs_run_id`. */
function operationId({ method, path }: Pick<Route, "method" | "path">): string {
  return `${method.toLowerCase()}${path.replaceAll(/[/:-]+/g, "_")}`;
}
