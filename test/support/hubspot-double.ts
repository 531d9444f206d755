// A double of HubSpot's API as far as leads go there (API 2026-03): contacts, notes, properties, the account.
import { defaultRetry } from "../../src/domain/destinations/destination.ts";
import { hubspotFields } from "../../src/kinds/destinations/hubspot/fields.ts";
import type { HubspotDestination } from "../../src/kinds/destinations/hubspot/fields.ts";
import { startJsonDouble } from "./json-double.ts";
import type { Asked, DoubleAnswer, JsonDouble } from "./json-double.ts";

export interface HubspotContact {
  readonly id: string;
  readonly properties: Record<string, string>;
  readonly notes: string[];
}

export interface HubspotDouble extends JsonDouble {
  readonly contacts: HubspotContact[];
  /** The body of each note. */
  readonly notes: Map<string, string>;
}

interface Input {
  readonly id: string;
  readonly idProperty: string;
  readonly properties: Record<string, string>;
}

export async function startHubspotDouble(): Promise<HubspotDouble> {
  const contacts: HubspotContact[] = [];
  const notes = new Map<string, string>();
  const make = (properties: Record<string, string>): HubspotContact => {
    const contact = { id: String(101 + contacts.length), properties: { ...properties }, notes: [] };
    contacts.push(contact);
    return contact;
  };

  function upsert({ id, idProperty, properties }: Input): object {
    const known = contacts.find((each) => each.properties[idProperty] === id);
    const contact = known ?? make({});
    Object.assign(contact.properties, properties, { [idProperty]: id });
    return { id: contact.id, new: known === undefined, properties: contact.properties };
  }

  function search(json: unknown): readonly object[] {
    const { filterGroups } = json as {
      readonly filterGroups: readonly {
        readonly filters: readonly { propertyName: string; value: string }[];
      }[];
    };
    const wanted = filterGroups.flatMap(({ filters }) => filters);
    return contacts
      .filter(({ properties }) =>
        wanted.some(({ propertyName, value }) =>
          propertyName.startsWith("hs_searchable")
            ? (properties["phone"] ?? "").replace(/\D/g, "").endsWith(value)
            : properties[propertyName] === value,
        ),
      )
      .map(({ id, properties }) => ({ id, properties }));
  }

  function answer({ method, path, json, query }: Asked): DoubleAnswer | undefined {
    const call = `${method} ${path}`;
    if (call === "POST /crm/objects/2026-03/contacts/batch/upsert") {
      const { inputs } = json as { readonly inputs: readonly Input[] };
      if (inputs.length === 0) return [400, { category: "VALIDATION_ERROR", message: "no inputs" }];
      return [200, { status: "COMPLETE", results: inputs.map(upsert) }];
    }
    if (call === "POST /crm/objects/2026-03/contacts/search")
      return [200, { total: search(json).length, results: search(json) }];
    if (call === "POST /crm/objects/2026-03/contacts") return [201, make((json as Input).properties)];
    if (call === "POST /crm/objects/2026-03/notes") return addNote(json as NoteInput);
    if (call === "POST /crm/objects/2026-03/notes/batch/create")
      return [400, { category: "VALIDATION_ERROR" }];
    if (call === "POST /crm/objects/2026-03/notes/batch/read") {
      const { inputs } = json as { readonly inputs: readonly { readonly id: string }[] };
      return [
        200,
        { results: inputs.map(({ id }) => ({ id, properties: { hs_note_body: notes.get(id) } })) },
      ];
    }
    if (path.startsWith("/crm/objects/2026-03/contacts/")) return ofContact(method, path, query, json);
    if (call === "GET /account-info/2026-03/details")
      return [200, { portalId: 4711, timeZone: "US/Eastern", uiDomain: "app-eu1.hubspot.com" }];
    if (call === "GET /crm/properties/2026-03/contacts") return [200, { results: properties }];
    if (call === "GET /crm/owners/2026-03")
      return [
        200,
        { results: [{ id: "77", firstName: "Otto", lastName: "Vertrieb", email: "o@example.com" }] },
      ];
    if (call === "POST /crm/properties/2026-03/contacts") return [201, json];
    return undefined;
  }

  function ofContact(method: string, path: string, query: URLSearchParams, json: unknown): DoubleAnswer {
    const id = decodeURIComponent(path.split("/").at(-1) ?? "");
    const property = query.get("idProperty");
    const contact = contacts.find((each) => (property === null ? each.id : each.properties[property]) === id);
    if (contact === undefined) return [404, { category: "OBJECT_NOT_FOUND" }];
    if (method === "PATCH") Object.assign(contact.properties, (json as Input).properties);
    const associations = {
      notes: { results: contact.notes.map((each) => ({ id: each, type: "contact_to_note" })) },
    };
    return [200, { id: contact.id, properties: contact.properties, associations }];
  }

  interface NoteInput {
    readonly properties: { readonly hs_note_body: string };
    readonly associations: readonly [{ readonly to: { readonly id: string } }];
  }

  function addNote({ properties: { hs_note_body: body }, associations: [{ to }] }: NoteInput): DoubleAnswer {
    const id = String(9_001 + notes.size);
    notes.set(id, body);
    contacts.find((each) => each.id === to.id)?.notes.push(id);
    return [201, { id }];
  }

  return { ...(await startJsonDouble(answer)), contacts, notes };
}

const text = (name: string, label: string): object => ({ name, label, type: "string", fieldType: "text" });

const properties = [
  ...[
    "email",
    "firstname",
    "lastname",
    "phone",
    "company",
    "address",
    "zip",
    "city",
    "country",
    "message",
  ].map((name) => text(name, name)),
  {
    name: "lifecyclestage",
    label: "Lifecycle Stage",
    type: "enumeration",
    fieldType: "radio",
    options: [
      { value: "lead", label: "Lead" },
      { value: "customer", label: "Customer" },
    ],
  },
  { name: "hubspot_owner_id", label: "Contact owner", type: "enumeration", fieldType: "select", options: [] },
  {
    name: "interests",
    label: "Interests",
    type: "enumeration",
    fieldType: "checkbox",
    options: [{ value: "a", label: "A" }],
  },
  { name: "birthday", label: "Birthday", type: "date", fieldType: "date" },
  {
    name: "hs_calculated",
    label: "Calculated",
    type: "number",
    fieldType: "calculation_equation",
    modificationMetadata: { readOnlyValue: true },
  },
];

/** For the double, as it is after an installation; the token is planted. */
export function hubspotDestination(
  baseUrl: string,
  own: Partial<HubspotDestination> = {},
): HubspotDestination {
  return {
    name: "crm",
    kind: "hubspot",
    token: "planted-service-key",
    note: "always",
    language: "en",
    apiVersion: "2026-03",
    baseUrl,
    map: hubspotFields.map.read(undefined, { entry: {}, timezone: "Europe/Berlin" }),
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
