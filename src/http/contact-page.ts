// /contacted/<run id>/<token>: the page behind the link in a notification. Opening it marks nothing, because mail scanners
// open links; its button does.
import type { FastifyInstance, FastifyReply } from "fastify";
import { languageOf } from "../domain/errors/accept-language.ts";
import type { Language } from "../domain/errors/error-catalogue.ts";
import type { Database } from "../ledger/connection/database.ts";
import { markContacted, readContact } from "../ledger/leads/contacts.ts";
import type { ContactLinks } from "../runtime/contact-links.ts";
import { formPage, setupContentSecurityPolicy } from "./setup-html.ts";

interface ContactParams {
  readonly run_id: string;
  readonly token: string;
}

export interface ContactPageDeps {
  readonly database: Database;
  readonly links: ContactLinks;
}

const url = "/contacted/:run_id/:token";
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function contactPages(server: FastifyInstance, { database, links }: ContactPageDeps): void {
  const isGood = ({ run_id: id, token }: ContactParams): boolean => uuid.test(id) && links.isGood(id, token);

  server.get<{ Params: ContactParams }>(url, async (request, reply) => {
    const language = languageOf(request.headers["accept-language"]);
    if (!isGood(request.params)) return send(reply, 404, language, "unknown");
    const isKnown = (await readContact(database, request.params.run_id)) !== null;
    return send(reply, 200, language, isKnown ? "done" : "ask");
  });

  server.post<{ Params: ContactParams }>(url, async (request, reply) => {
    const language = languageOf(request.headers["accept-language"]);
    const { params } = request;
    if (!isGood(params)) return send(reply, 404, language, "unknown");
    const marked = await markContacted(database, "system", params.run_id, { at: null, via: "mail" });
    const isMarked = marked.kind === "marked" || marked.kind === "known";
    return send(reply, isMarked ? 200 : 404, language, isMarked ? "done" : "unknown");
  });
}

type Shown = "ask" | "done" | "unknown";

/** The token in the address must not travel on, and nothing may be kept of the page or put around it. */
function send(reply: FastifyReply, status: number, language: Language, shown: Shown): FastifyReply {
  const text = texts[language];
  const body = {
    ask: `<p>${text.ask}</p><form method="post"><button type="submit">${text.button}</button></form>`,
    done: `<p role="status">${text.done}</p>`,
    unknown: `<p role="alert">${text.unknown}</p>`,
  }[shown];
  return reply
    .code(status)
    .headers({
      "Content-Security-Policy": setupContentSecurityPolicy(),
      "Referrer-Policy": "no-referrer",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    })
    .type("text/html; charset=utf-8")
    .send(formPage(language, text.title, body));
}

const texts = {
  de: {
    title: "Kontaktiert",
    ask: "Haben Sie mit der Person dieses Leads gesprochen?",
    button: "Als kontaktiert vermerken",
    done: "Der Lead ist als kontaktiert vermerkt.",
    unknown: "Dieser Link gehört zu keinem Lead.",
  },
  en: {
    title: "Contacted",
    ask: "Have you spoken with the person of this lead?",
    button: "Mark as contacted",
    done: "The lead is marked as contacted.",
    unknown: "This link belongs to no lead.",
  },
};
