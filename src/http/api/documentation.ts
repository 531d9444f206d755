// The API's description of itself: the OpenAPI document at /api/openapi.json, and readable pages at /api/docs. A server of
// its own, which is asked without a network, so that it can be made when somebody first looks: every start would wait for
// it otherwise.
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import Fastify from "fastify";
import type { FastifyInstance, FastifySchema } from "fastify";
import { rolesWith } from "../../domain/roles.ts";
import { packageVersion } from "../../runtime/package-version.ts";
import { problemMediaType } from "../problem.ts";
import { problemSchema } from "./problem-schema.ts";
import type { Route } from "./route.ts";

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
    reply.send(server.swagger()),
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
      license: { name: "MIT", identifier: "MIT" },
    },
    components: {
      securitySchemes: {
        key: { type: "http" as const, scheme: "bearer", description: "An API key." },
        session: { type: "apiKey" as const, in: "cookie" as const, name: "leadledger_session" },
      },
    },
  };
}

function describe({ params, query, body, answers, ...route }: Route): FastifySchema {
  const problems = [
    "request_invalid",
    "unauthenticated",
    "forbidden",
    "database_unavailable",
    "internal_error",
    ...(route.problems ?? []),
  ];
  const response: Record<string, unknown> = {
    default: {
      description: `Problem details (RFC 9457); \`code\` is one of: ${problems.join(", ")}.`,
      content: { [problemMediaType]: { schema: problemSchema } },
    },
  };
  for (const [status, schema] of Object.entries(answers)) {
    response[status] =
      schema === null
        ? { description: "Done.", type: "null" }
        : { description: "", content: { "application/json": { schema } } };
  }
  if (route.streams !== undefined) {
    response["200"] = {
      description: "The file.",
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

/** `GET /runs/:run_id` is `get_runs_run_id`. */
function operationId({ method, path }: Pick<Route, "method" | "path">): string {
  return `${method.toLowerCase()}${path.replaceAll(/[/:-]+/g, "_")}`;
}
