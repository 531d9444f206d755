// A double of Pipedrive's API as far as leads go there: persons, deals and fields (v2), leads and notes (v1).
import { defaultRetry } from "../../src/domain/destinations/destination.ts";
import { pipedriveFields } from "../../src/kinds/destinations/pipedrive/fields.ts";
import type { PipedriveDestination } from "../../src/kinds/destinations/pipedrive/fields.ts";
import { startJsonDouble } from "./json-double.ts";
import type { Asked, DoubleAnswer, JsonDouble } from "./json-double.ts";

type Members = Record<string, unknown>;

export interface PipedriveDouble extends JsonDouble {
  readonly persons: Members[];
  readonly leads: Members[];
  readonly deals: Members[];
  readonly notes: Members[];
  /** Persons who are made from now on are not found by the search. */
  lag(): void;
}

export const sizeKey = "dcf558aac1ae4e8c4f849ba5e668430d8df9be12";

export async function startPipedriveDouble(): Promise<PipedriveDouble> {
  const persons: Members[] = [];
  const leads: Members[] = [];
  const deals: Members[] = [];
  const notes: Members[] = [];
  let searchable = Infinity;
  const added = (list: Members[], id: unknown, json: unknown): DoubleAnswer => {
    const record = { id, add_time: "2026-07-15T12:00:05Z", ...(json as Members) };
    list.push(record);
    return [201, { success: true, data: record }];
  };
  const listed = (data: readonly unknown[]): DoubleAnswer => [200, { success: true, data }];

  function search(query: URLSearchParams): DoubleAnswer {
    const field = query.get("fields") === "email" ? "emails" : "phones";
    const items = persons.slice(0, searchable).flatMap((person) => {
      const values = ((person[field] ?? []) as readonly { readonly value: string }[]).map(
        ({ value }) => value,
      );
      const item = { ...person, emails: [], phones: [], [field]: values };
      return values.includes(query.get("term") ?? "") ? [{ result_score: 1, item }] : [];
    });
    return [200, { success: true, data: { items } }];
  }

  function answer({ method, path, json, query }: Asked): DoubleAnswer | undefined {
    const of = (list: readonly Members[], member: string): DoubleAnswer =>
      listed(list.filter((each) => String(each[member]) === query.get(member)));
    switch (`${method} ${path}`) {
      case "GET /api/v2/persons/search":
        return search(query);
      case "GET /api/v2/persons":
        return listed(persons.toReversed().slice(0, Number(query.get("limit"))));
      case "POST /api/v2/persons":
        return added(persons, 11 + persons.length, json);
      case "POST /v1/leads":
        return added(leads, `adf21080-0e10-11eb-879b-05d71fb4${2_600 + leads.length}`, json);
      case "POST /api/v2/deals":
        return added(deals, 31 + deals.length, json);
      case "POST /v1/notes":
        return added(notes, 51 + notes.length, json);
      case "GET /v1/leads":
        return of(leads, "person_id");
      case "GET /api/v2/deals":
        return of(deals, "person_id");
      case "GET /v1/notes":
        return of(notes, query.has("lead_id") ? "lead_id" : "deal_id");
      case "GET /v1/users/me":
        return [200, { success: true, data: { id: 1, company_domain: "example" } }];
      case "GET /v1/users":
        return listed([{ id: 1, name: "Otto Vertrieb" }]);
      case "GET /v1/leadLabels":
        return listed([{ id: "f08b42a0-4e75-11ea-9643-03698ef1cfd6", name: "Hot" }]);
      case "GET /api/v2/pipelines":
        return listed([{ id: 2, name: "Sales" }]);
      case "GET /api/v2/stages":
        return listed([{ id: 5, name: "Qualified", pipeline_id: 2 }]);
      case "GET /api/v2/personFields":
        return listed([{ field_code: "name", field_name: "Name", field_type: "varchar" }]);
      case "GET /api/v2/dealFields":
        return listed([
          {
            field_code: sizeKey,
            field_name: "Size",
            field_type: "enum",
            options: [{ id: 12, label: "Small" }],
          },
        ]);
      case "POST /api/v2/dealFields":
        return [201, { success: true, data: { field_code: "a".repeat(40), field_name: "x" } }];
    }
    return undefined;
  }

  const double = await startJsonDouble(answer);
  return { ...double, persons, leads, deals, notes, lag: () => void (searchable = persons.length) };
}

/** For the double, as it is after an installation; the token is planted. */
export function pipedriveDestination(
  baseUrl: string,
  own: Partial<PipedriveDestination> = {},
): PipedriveDestination {
  return {
    name: "crm",
    kind: "pipedrive",
    token: "planted-api-token",
    record: "lead",
    note: "always",
    language: "en",
    baseUrl,
    map: pipedriveFields.map.read(undefined, { entry: {}, timezone: "Europe/Berlin" }),
    timeoutMs: 2_000,
    concurrency: 2,
    limits: [],
    openingHours: [],
    paused: false,
    allowPrivate: true,
    retry: defaultRetry,
    ...own,
  };
}
