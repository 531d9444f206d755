// Doubles of the interfaces that leads' data are fetched from: Meta's Graph API and LinkedIn's Lead Sync, as far as they
// are documented.
import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

export interface InterfaceAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface InterfaceRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export interface VendorInterface {
  readonly url: string;
  readonly requests: readonly InterfaceRequest[];
  /** From now on. */
  answer(how: (request: InterfaceRequest) => InterfaceAnswer): void;
  close(): Promise<void>;
}

export async function startVendorInterface(
  how: (request: InterfaceRequest) => InterfaceAnswer,
): Promise<VendorInterface> {
  let answerOf = how;
  const requests: InterfaceRequest[] = [];
  const server = createServer((incoming, response) => {
    const request = { path: incoming.url ?? "", headers: incoming.headers };
    requests.push(request);
    const { status = 200, headers = {}, body } = answerOf(request);
    response.writeHead(status, { "content-type": "application/json; charset=UTF-8", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer(next) {
      answerOf = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Graph API, a lead's node (developers.facebook.com, Retrieving leads). */
export function graphLead({ path }: InterfaceRequest): InterfaceAnswer {
  const id = /^\/v26\.0\/(\d+)\?/.exec(path)?.[1] ?? "";
  return {
    headers: { "facebook-api-version": "v26.0" },
    body: `{"id":"${id}","created_time":"2026-11-29T10:00:00+0000","form_id":"900719925474099312","is_organic":false,
      "campaign_name":"Wärmepumpe Herbst","platform":"fb","field_data":[
        {"name":"full_name","values":["Jürgen Groß"]},{"name":"email","values":["Juergen.Gross@Beispiel.de"]},
        {"name":"phone_number","values":["0171 2345678"]},{"name":"work_phone_number","values":["030 1234567"]},{"name":"wofür_interessieren_sie_sich?","values":[]}],
      "custom_disclaimer_responses":[{"checkbox_key":"einwilligung_telefon","is_checked":"1"}]}`,
  };
}

/** Graph API, Handling errors. */
export function graphError(code: number, subcode?: number, message = "An error"): () => InterfaceAnswer {
  return () => ({
    status: 400,
    body: {
      error: { message, type: "OAuthException", code, error_subcode: subcode, fbtrace_id: "AbCdEf" },
    },
  });
}

/** Lead Sync, a lead form response with its form (learn.microsoft.com, Lead Form Responses). */
export function linkedinLead({ path }: InterfaceRequest): InterfaceAnswer {
  const id = /^\/rest\/leadFormResponses\/([^?]+)\?/.exec(path)?.[1] ?? "";
  return {
    body: {
      id,
      leadType: "SPONSORED",
      submittedAt: 1764410400000,
      testLead: false,
      versionedLeadGenFormUrn: "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:7234246,1)",
      formResponse: {
        answers: [
          { questionId: 107234246, answerDetails: { textQuestionAnswer: { answer: "Jürgen" } } },
          { questionId: 207234246, answerDetails: { textQuestionAnswer: { answer: "Groß" } } },
          {
            questionId: 307234246,
            answerDetails: { textQuestionAnswer: { answer: "juergen.gross@beispiel.de" } },
          },
          { questionId: 407234246, answerDetails: { multipleChoiceAnswer: { options: [2] } } },
        ],
        consentResponses: [{ consentId: 11, accepted: true }],
      },
      form: {
        id: 7234246,
        name: "Herbst",
        hiddenFields: [{ name: "utm_source", value: "linkedin" }],
        content: {
          questions: [
            question(107234246, "FIRST_NAME", "Vorname"),
            question(207234246, "LAST_NAME", "Nachname"),
            question(307234246, "EMAIL", "E-Mail-Adresse"),
            {
              questionId: 407234246,
              name: "produkt",
              question: { localized: { de_DE: "Welches Produkt?" } },
              questionDetails: {
                multipleChoiceQuestionDetails: {
                  options: [
                    { id: 1, text: { localized: { de_DE: "Fenster" } } },
                    { id: 2, text: { localized: { de_DE: "Wärmepumpe" } } },
                  ],
                },
              },
            },
          ],
          legalInfo: {
            consents: [{ consentId: 11, consent: { localized: { de_DE: "Ich willige ein." } } }],
          },
        },
      },
    },
  };
}

function question(questionId: number, predefinedField: string, label: string): object {
  return { questionId, predefinedField, question: { localized: { de_DE: label } }, name: label };
}
