// /setup/<token>: the form behind a one-time link. It makes the first admin, or sets somebody's password.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { passwordCharactersMin } from "../accounts/password.ts";
import { openSetupLink, setUp } from "../accounts/set-up.ts";
import type { Accounts } from "../accounts/accounts.ts";
import { languageOf } from "../domain/errors/accept-language.ts";
import type { ErrorCode, Language } from "../domain/errors/error-catalogue.ts";
import { passwordFaultText } from "./api/accounts/account-refusals.ts";
import { problem } from "./problem.ts";
import {
  incompleteText,
  repeatedWrongText,
  setupContentSecurityPolicy,
  setupDonePage,
  setupFormPage,
  setupProblemPage,
} from "./setup-html.ts";

const url = "/setup/:token";
const loginCharactersMax = 254;
const nameCharactersMax = 200;

interface SetupParams {
  readonly token: string;
}

export function setupPages(server: FastifyInstance, accounts: Accounts): void {
  const { database } = accounts;

  server.get<{ Params: SetupParams }>(url, async (request, reply) => {
    const language = languageOf(request.headers["accept-language"]);
    const link = await openSetupLink(database, request.params.token);
    if (link === null) return sendProblemPage(reply, language, "setup_link_invalid");
    const typed = { login: "", displayName: "" };
    return send(
      reply,
      200,
      setupFormPage({ language, login: link.login, typed, fault: null, passwordCharactersMin }),
    );
  });

  server.post<{ Params: SetupParams }>(url, async (request, reply) => {
    const language = languageOf(request.headers["accept-language"]);
    const { token } = request.params;
    const link = await openSetupLink(database, token);
    if (link === null) return sendProblemPage(reply, language, "setup_link_invalid");
    const answers = answersOf(request);
    const again = (fault: string): FastifyReply =>
      send(
        reply,
        422,
        setupFormPage({ language, login: link.login, typed: answers, fault, passwordCharactersMin }),
      );
    if (link.userId === null && !isComplete(answers)) return again(incompleteText(language));
    if (answers.password !== answers.repeated) return again(repeatedWrongText(language));
    const outcome = await setUp(accounts, link, token, { ...answers, language });
    switch (outcome.kind) {
      case "done":
        return send(reply, 200, setupDonePage(language, outcome.login));
      case "weak":
        return again(passwordFaultText(outcome.fault, language));
      case "busy":
        return again(problem("passwords_busy", language).body.title);
      case "link_used":
        return sendProblemPage(reply, language, "setup_link_invalid");
    }
  });
}

interface TypedAnswers {
  readonly login: string;
  readonly displayName: string;
  readonly password: string;
  readonly repeated: string;
}

function answersOf({ body }: FastifyRequest): TypedAnswers {
  const form = new URLSearchParams(Buffer.isBuffer(body) ? body.toString("utf8") : "");
  const typed = (name: string): string => (form.get(name) ?? "").trim();
  return {
    login: typed("login"),
    displayName: typed("display_name"),
    password: form.get("password") ?? "",
    repeated: form.get("repeated") ?? "",
  };
}

function isComplete({ login, displayName }: TypedAnswers): boolean {
  const isAddress = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(login) && login.length <= loginCharactersMax;
  return isAddress && /^[^\p{Cc}]+$/u.test(displayName) && displayName.length <= nameCharactersMax;
}

function sendProblemPage(reply: FastifyReply, language: Language, code: ErrorCode): FastifyReply {
  const { status, body } = problem(code, language);
  return send(reply, status, setupProblemPage(language, body.title, body.detail));
}

/** The token in the address must not travel on, and nothing may be kept of the page or put around it. */
function send(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .headers({
      "Content-Security-Policy": setupContentSecurityPolicy(),
      "Referrer-Policy": "no-referrer",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    })
    .type("text/html; charset=utf-8")
    .send(html);
}
