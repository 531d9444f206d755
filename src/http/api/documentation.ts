// The API's description of itself: the OpenAPI document at /api/openapi.json, and readable pages at /api/docs.
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { packageVersion } from "../../runtime/package-version.ts";

/** Describes the routes that are added to `api` after this. */
export async function documentApi(api: FastifyInstance): Promise<void> {
  await api.register(swagger, { openapi: documentHead() });
  await api.register(swaggerUi, {
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
  api.get("/api/openapi.json", { schema: { hide: true } }, (_request, reply) => reply.send(api.swagger()));
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
