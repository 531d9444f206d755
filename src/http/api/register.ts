// Puts the routes of the API on the server: who calls, whether they may, whether the request has the right shape; and
// answers in one way.
import cookie from "@fastify/cookie";
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchema,
  RouteShorthandOptions,
} from "fastify";
import type { TSchema } from "typebox";
import { writeExactly } from "../../domain/values/exact-json.ts";
import { credentialsReason } from "../../domain/sources/presented-credentials.ts";
import { mayDo, rolesWith } from "../../domain/accounts/roles.ts";
import { languageOf } from "../../domain/errors/accept-language.ts";
import { sendProblem } from "../send-problem.ts";
import { documentationRoutes } from "./documentation/documentation-routes.ts";
import { nobody } from "./frame/principal.ts";
import type { Identified, Identify, Principal } from "./frame/principal.ts";
import { directReach } from "../reach.ts";
import type { Reach } from "../reach.ts";
import { refuseFromElsewhere } from "./frame/same-site.ts";
import type { AnswerExtras, ApiAnswer, Answers, Refused, Route } from "./frame/route.ts";
import { checkRequestPart, shapeFault } from "./frame/request-shape.ts";

export const apiPrefix = "/api/v1";

export interface ApiDeps {
  readonly routes: readonly Route[];
  /** The same ones, in the same order, as they are for who is limited to these clients. */
  readonly limitedRoutes: (clients: readonly string[]) => readonly Route[];
  readonly identify: Identify;
  /** With the OpenAPI document at /api/openapi.json and readable documentation at /api/docs. */
  readonly documented: boolean;
  /** Absent: directly. */
  readonly reach?: Reach;
}

declare module "fastify" {
  interface FastifyRequest {
    apiPrincipal: Principal;
  }
}

/** Serves the routes. */
export function registerApi(
  server: FastifyInstance,
  { routes, limitedRoutes, identify, documented, reach = directReach }: ApiDeps,
): void {
  if (documented) documentationRoutes(server, routes, apiPrefix);
  void server.register(async (api) => {
    await api.register(cookie);
    api.decorateRequest("apiPrincipal", null as unknown as Principal);
    api.setValidatorCompiler(({ schema, httpPart }) =>
      checkRequestPart(schema as TSchema, httpPart ?? "body"),
    );
    api.setSerializerCompiler(() => (data) => JSON.stringify(data));
    api.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, bytes, done) => {
      request.apiRawBody = bytes as Buffer;
      if (bytes.length === 0) {
        done(null, undefined);
        return;
      }
      try {
        done(null, JSON.parse(bytes.toString("utf8")));
      } catch {
        done(Object.assign(new Error("the body is not JSON"), { statusCode: 400, code: "LL_BODY_NOT_JSON" }));
      }
    });
    for (const [index, route] of routes.entries()) {
      const routeFor = (clients: readonly string[] | null): Route =>
        clients === null ? route : (limitedRoutes(clients)[index] as Route);
      addRoute(api, route, routeFor, identify, reach);
    }
  });
}

declare module "fastify" {
  interface FastifyRequest {
    /** Set where the body is JSON. */
    apiRawBody?: Buffer;
  }
}

function addRoute(
  api: FastifyInstance,
  route: Route,
  routeFor: (clients: readonly string[] | null) => Route,
  identify: Identify,
  reach: Reach,
): void {
  const url = `${apiPrefix}${route.path}`;
  const admit = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const identified = await identify(request);
    if (identified.kind === "refused") return sendRefusal(request, reply, { problem: identified.code });
    request.apiPrincipal = identified.kind === "known" ? identified.principal : nobody;
    const refusal = refusalOf(route, request.apiPrincipal, request, reach);
    return refusal === null ? undefined : sendRefusal(request, reply, refusal);
  };
  const options: RouteShorthandOptions = {
    schema: partsOf(route),
    attachValidation: true,
    onRequest: admit,
  };
  api.route({
    method: route.method,
    url,
    ...options,
    handler: async (request, reply) => {
      if (request.validationError !== undefined) {
        return sendProblem(request, reply, "request_invalid", {
          reason: shapeFault(request.validationError),
        });
      }
      const ifMatch = request.headers["if-match"];
      const { handle } = routeFor(clientsOf(route, request));
      const answer = await handle({
        params: request.params as never,
        query: request.query as never,
        body: request.body as never,
        rawBody: request.apiRawBody ?? Buffer.alloc(0),
        principal: request.apiPrincipal,
        isStillAllowed: async () => isSame(await identify(request), request.apiPrincipal),
        language: languageOf(request.headers["accept-language"]),
        ifMatch: ifMatch ?? null,
        reach,
        raw: request,
      });
      return send(request, reply, answer);
    },
  });
}

/** Whose things the answer may be about; null: everybody's. */
function clientsOf({ isByClient }: Route, { apiPrincipal, query }: FastifyRequest): readonly string[] | null {
  const { clients } = apiPrincipal;
  const { client } = query as { readonly client?: string };
  if (isByClient !== true || client === undefined) return clients;
  return clients === null || clients.includes(client) ? [client] : [];
}

function isSame(identified: Identified, { actor, role, clients }: Principal): boolean {
  if (identified.kind !== "known") return false;
  const { principal } = identified;
  return (
    principal.actor === actor &&
    principal.role === role &&
    JSON.stringify(principal.clients) === JSON.stringify(clients)
  );
}

/** null: the call is allowed. */
function refusalOf(
  { access, isOfWhole }: Pick<Route, "access" | "isOfWhole">,
  principal: Principal,
  request: FastifyRequest,
  reach: Reach,
): Refused | null {
  if (access === "anyone") return null;
  if (principal.by === "nobody") return { problem: "unauthenticated" };
  if (principal.by === "session") {
    const refused = refuseFromElsewhere(request, reach, languageOf(request.headers["accept-language"]));
    if (refused !== null) return refused;
  }
  if (isOfWhole === true && principal.clients !== null)
    return { problem: "forbidden", extras: { reason: ofWhole } };
  if (access === "signed_in" || mayDo(principal.role, access)) return null;
  return {
    problem: "forbidden",
    extras: { reason: `needs one of these roles: ${rolesWith(access).join(", ")}` },
  };
}

const ofWhole = "is about the installation as a whole, and you are limited to some of its clients";

function sendRefusal(request: FastifyRequest, reply: FastifyReply, refused: Refused): FastifyReply {
  if (refused.problem === "unauthenticated") reply.header("WWW-Authenticate", "Bearer");
  for (const [name, value] of Object.entries(refused.headers ?? {})) reply.header(name, value);
  const reason =
    refused.problem === "unauthenticated"
      ? { reason: credentialsReason(request.headers, "Authorization: Bearer …", ["authorization"]) }
      : {};
  return sendProblem(request, reply, refused.problem, { ...reason, ...refused.extras });
}

function send(request: FastifyRequest, reply: FastifyReply, answer: ApiAnswer<Answers>): FastifyReply {
  // What is answered to one person must not be kept for the next.
  reply.header("Cache-Control", "no-store");
  if ("problem" in answer) return sendRefusal(request, reply, answer);
  if ("stream" in answer) {
    if (answer.fileName !== undefined)
      reply.header("Content-Disposition", `attachment; filename="${answer.fileName}"`);
    for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value);
    cutOffOnlyDeafReaders(reply);
    return reply.type(answer.contentType).send(answer.stream);
  }
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value);
  reply.code(answer.status);
  if (!("body" in answer)) return reply.send();
  const { body, etag, exactNumbers = false } = answer as { body: unknown } & AnswerExtras;
  if (etag !== undefined) reply.header("ETag", `"${etag}"`);
  return reply
    .type("application/json; charset=utf-8")
    .send(exactNumbers ? writeExactly(body) : JSON.stringify(body));
}

/**
 * A line over which nothing goes is cut after a while (silenceTimeoutMs). That is for readers who do not read, not for a
 * database that takes its time to find the next row.
 */
function cutOffOnlyDeafReaders({ raw }: FastifyReply): void {
  raw.on("timeout", () => {
    if ((raw.socket?.writableLength ?? 0) > 0) raw.destroy();
  });
}

/** What is checked; how a call is described stands in documentation.ts. */
function partsOf({ params, query, body }: Route): FastifySchema {
  return {
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined ? {} : { body }),
  };
}
