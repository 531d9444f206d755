// Fetches a lead's answers from LinkedIn's Lead Sync API. Answers name their questions by a number alone, so that the form
// comes in the same request (learn.microsoft.com, Lead Forms, Lead Form Responses; its field `form`).
import { ExactNumber } from "../../../domain/values/exact-json.ts";
import { completionFailure } from "../../../domain/leads/completion.ts";
import type { CompletionFailure, CompletionFailureCode } from "../../../domain/leads/completion.ts";
import type { Complete } from "../completion/complete.ts";
import { isObject, jsonAnswer, throttled, withoutToken } from "../completion/vendor-answer.ts";
import type { JsonAnswer, JsonMembers } from "../completion/vendor-answer.ts";

export const linkedinBaseUrl = "https://api.linkedin.com";
export const linkedinVersion = "202610";

const leadFields =
  "ownerInfo,associatedEntityInfo,leadMetadataInfo,owner,leadType,versionedLeadGenFormUrn,id,submittedAt,testLead,formResponse,form:(hiddenFields,creationLocale,name,id,content)";

const vendor = "LinkedIn";

export const linkedinComplete: Complete = {
  needs: (body) =>
    isObject(body) && idOf(body["leadGenFormResponse"]) !== null && !isObject(body["formResponse"]),
  reach: ({ baseUrl, allowPrivate }) => ({
    url: new URL(textOr(baseUrl, linkedinBaseUrl)),
    allowPrivate: allowPrivate === true,
  }),
  async fetch({ accessToken, apiVersion }, body, get) {
    const id = isObject(body) ? idOf(body["leadGenFormResponse"]) : null;
    if (id === null)
      return completionFailure("completion_request_wrong", "leadGenFormResponse is no URN of a response");
    const token = textOr(accessToken, "");
    const end = await get(`/rest/leadFormResponses/${encodeURIComponent(id)}?fields=${leadFields}`, {
      authorization: `Bearer ${token}`,
      "linkedin-version": textOr(apiVersion, linkedinVersion),
      "x-restli-protocol-version": "2.0.0",
    });
    const read = jsonAnswer(vendor, end);
    if (read.kind === "failed") return read;
    if (read.status !== 200) return refusalOf(read, token);
    if (!isObject(read.members["formResponse"]))
      return completionFailure("completion_answer_unusable", "LinkedIn's answer has no formResponse");
    return { kind: "completed", members: { ...read.members, ...readable(read.members) }, version: null };
  },
};

/** `urn:li:leadGenFormResponse:<id>`, or the id alone. */
function idOf(value: unknown): string | null {
  const text = value instanceof ExactNumber ? value.text : String(value);
  const id = text.slice(text.lastIndexOf(":") + 1);
  return /^[A-Za-z0-9_-]{1,128}$/.test(id) && (typeof value === "string" || /^\d+$/.test(id)) ? id : null;
}

export function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

export function refusalOf({ status, members, answer }: JsonAnswer, token: string): CompletionFailure {
  if (status === 429) return throttled(vendor, answer);
  const said = withoutToken(textOr(members["message"], ""), token);
  return completionFailure(errorKind(status), `LinkedIn (${status}): ${said}`);
}

function errorKind(status: number): CompletionFailureCode {
  switch (status) {
    case 401:
      return "completion_token_invalid";
    case 403:
      return "completion_not_permitted";
    case 404:
    case 410:
      return "completion_lead_unavailable";
    default:
      return status >= 500 ? "completion_unreachable" : "completion_request_wrong";
  }
}

/** Answers, consents and hidden fields with what they are called beside them; what LinkedIn answered stands there, too. */
function readable({ form, formResponse }: JsonMembers): JsonMembers {
  const questions = byId(isObject(form) ? contentOf(form)["questions"] : null, "questionId");
  const consents = byId(isObject(form) ? legalInfoOf(form)["consents"] : null, "consentId", "id");
  const response = isObject(formResponse) ? formResponse : {};
  const hidden = objects(isObject(form) ? form["hiddenFields"] : null);
  return {
    answers: objects(response["answers"]).map((answer) => namedAnswer(answer, questions)),
    ...(hidden.length === 0
      ? {}
      : {
          hidden_fields: Object.fromEntries(hidden.map(({ name, value }) => [String(name), value ?? null])),
        }),
    ...consentsOf(objects(response["consentResponses"]), consents),
  };
}

function namedAnswer(answer: JsonMembers, questions: ReadonlyMap<string, JsonMembers>): JsonMembers {
  const question = questions.get(keyOf(answer["questionId"]));
  const label = localized(question?.["question"]);
  return {
    ...(question === undefined ? {} : { name: question["predefinedField"] ?? question["name"] ?? label }),
    ...(label === null ? {} : { label }),
    value: valueOf(answer["answerDetails"], question),
  };
}

function valueOf(details: unknown, question: JsonMembers | undefined): unknown {
  if (!isObject(details)) return null;
  const { textQuestionAnswer: text, multipleChoiceAnswer: choice } = details;
  if (isObject(text)) return text["answer"] ?? null;
  if (!isObject(choice)) return null;
  const named = new Map(
    optionsOf(question).map((option) => [keyOf(option["id"]), localized(option["text"]) ?? null]),
  );
  return list(choice["options"]).map((id) => named.get(keyOf(id)) ?? id);
}

function optionsOf(question: JsonMembers | undefined): readonly JsonMembers[] {
  const details = question?.["questionDetails"];
  const choices = isObject(details) ? details["multipleChoiceQuestionDetails"] : null;
  return objects(isObject(choices) ? choices["options"] : null);
}

function consentsOf(
  responses: readonly JsonMembers[],
  consents: ReadonlyMap<string, JsonMembers>,
): JsonMembers {
  if (responses.length === 0) return {};
  return {
    consents: responses.map(({ consentId, accepted }) => ({
      checkbox_key: `consent_${keyOf(consentId)}`,
      text: localized(consents.get(keyOf(consentId))?.["consent"]),
      is_checked: accepted ?? null,
    })),
  };
}

function contentOf(form: JsonMembers): JsonMembers {
  return isObject(form["content"]) ? form["content"] : {};
}

function legalInfoOf(form: JsonMembers): JsonMembers {
  const { legalInfo } = contentOf(form);
  return isObject(legalInfo) ? legalInfo : {};
}

/** `{"localized":{"de_DE":"Vorname"}}`: the first there is; null: none. */
function localized(value: unknown): string | null {
  if (typeof value === "string") return value;
  const texts = isObject(value) ? value["localized"] : null;
  const first = isObject(texts) ? Object.values(texts)[0] : null;
  return typeof first === "string" ? first : null;
}

function byId(items: unknown, ...names: readonly string[]): ReadonlyMap<string, JsonMembers> {
  return new Map(
    objects(items).map((item) => [
      keyOf(names.map((name) => item[name]).find((id) => id !== undefined)),
      item,
    ]),
  );
}

function keyOf(id: unknown): string {
  return id instanceof ExactNumber ? id.text : String(id);
}

function objects(value: unknown): readonly JsonMembers[] {
  return list(value).filter(isObject);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
