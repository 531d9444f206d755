// The dashboard: its page at every path that one of its views has, and the files that the page loads.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { upwards } from "./upwards.ts";

/** First segments of the views' paths (web/routes.tsx); what stands behind them is the view's own affair. */
export const dashboardSections = [
  "alerts",
  "attention",
  "confirm-alerts",
  "destinations",
  "errors",
  "figures",
  "sla",
  "leads",
  "log",
  "reports",
  "settings",
  "sign-in",
  "sources",
] as const;

/** Made by `npm run build`; `src/http` and the folders of `dist` are equally deep in the package. */
const builtFolder = fileURLToPath(new URL("../../dist/web/", import.meta.url));
const noncePlaceholder = "%CSP_NONCE%";
const nonceBytes = 16;
/** Files of the build have a hash of their content in their names. */
const assetsMaxAge = "365d";

/** `basePath`: of `public_url`; "": the page finds its files by where it is itself, whatever a proxy has put before it. */
export function serveDashboard(server: FastifyInstance, basePath: string): void {
  void server.register(async (pages) => {
    await pages.register(fastifyStatic, {
      root: builtFolder,
      serve: false,
      preCompressed: true,
      index: false,
      decorateReply: true,
    });
    pages.get<{ Params: { readonly file: string } }>("/assets/:file", (request, reply) =>
      reply
        .header("X-Content-Type-Options", "nosniff")
        .sendFile(`assets/${request.params.file}`, { maxAge: assetsMaxAge, immutable: true }),
    );
    pages.get("/icon.svg", (_request, reply) => reply.sendFile("icon.svg", { maxAge: "1d" }));

    let html: string | undefined;
    const page = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      html ??= await readFile(`${builtFolder}index.html`, "utf8");
      const root = basePath === "" ? upwards(request.url) : `${basePath}/`;
      const nonce = randomBytes(nonceBytes).toString("base64");
      return reply
        .headers({
          "Content-Security-Policy": contentSecurityPolicy(nonce),
          "Referrer-Policy": "same-origin",
          "X-Content-Type-Options": "nosniff",
          "Cross-Origin-Opener-Policy": "same-origin",
          "Cache-Control": "no-store",
        })
        .type("text/html; charset=utf-8")
        .send(html.replace(noncePlaceholder, nonce).replaceAll(/(?<=(?:href|src|content)=")\.\//g, root));
    };
    pages.get("/", page);
    for (const section of dashboardSections) {
      pages.get(`/${section}`, page);
      pages.get(`/${section}/*`, page);
    }
  });
}

/** W3C Content Security Policy Level 3: what comes from here, and styles that bear this answer's nonce. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
