// What of Pipedrive's persons, leads and deals a map can write: the usual fields, the company's own, and new ones.
import type {
  RemoteField,
  RemoteFieldType,
  RemoteOption,
} from "../../../domain/destinations/remote-field.ts";
import { listAt, textAt } from "../json-reply.ts";
import type { FieldCreated, FieldsRead, NewRemoteField } from "../sender.ts";
import { fieldAnswers, listAnswers } from "./answers.ts";
import { get, post } from "./api.ts";
import type { Api, Query } from "./api.ts";
import { isCustomKey } from "./record.ts";

export async function readFields(api: Api): Promise<FieldsRead> {
  const isDeal = api.destination.record === "deal";
  const own: RemoteField[] = [];
  for (const [part, path] of [
    ["person", "/api/v2/personFields"],
    ["lead", "/api/v2/dealFields"],
  ] as const) {
    const reply = await get(api, path, { limit: "500" }, { answers: listAnswers });
    if (reply.kind === "failed") return { kind: "unread", outcome: reply.outcome };
    own.push(...listAt(reply.json, "/data").flatMap((each) => customField(part, each)));
  }
  const owners = await optionsOf(api, "/v1/users", {}, "/name");
  const labels = isDeal ? [] : await optionsOf(api, "/v1/leadLabels", {}, "/name");
  const pipelines = isDeal ? await optionsOf(api, "/api/v2/pipelines", {}, "/name") : [];
  const stages = isDeal ? await optionsOf(api, "/api/v2/stages", { limit: "500" }, "/name") : [];
  return { kind: "fields", fields: [...usual(isDeal, { owners, labels, pipelines, stages }), ...own] };
}

/** Of a lead or a deal, which have the same fields. */
export async function createDealField(api: Api, { label, type }: NewRemoteField): Promise<FieldCreated> {
  const body = { field_name: label, ...typesThere[type] };
  const reply = await post(api, "/api/v2/dealFields", body, { answers: fieldAnswers });
  if (reply.kind === "failed") return { kind: "not_created", outcome: reply.outcome };
  const code = textAt(reply.json, "/data/field_code") ?? "";
  return {
    kind: "created",
    field: { target: `lead.${code}`, label: `Lead: ${label}`, type, isRequired: false },
  };
}

interface Options {
  readonly owners: readonly RemoteOption[];
  readonly labels: readonly RemoteOption[];
  readonly pipelines: readonly RemoteOption[];
  readonly stages: readonly RemoteOption[];
}

function usual(isDeal: boolean, { owners, labels, pipelines, stages }: Options): readonly RemoteField[] {
  const what = isDeal ? "Deal" : "Lead";
  const choices: readonly (readonly [string, string, readonly RemoteOption[]])[] = [
    ["person.owner_id", "Person: Owner", owners],
    ["lead.owner_id", `${what}: Owner`, owners],
    ...(isDeal
      ? ([
          ["lead.pipeline_id", "Deal: Pipeline", pipelines],
          ["lead.stage_id", "Deal: Stage", stages],
        ] as const)
      : []),
  ];
  return [
    field("person.name", "Person: Name", "text", true),
    field("person.emails", "Person: Email", "list"),
    field("person.phones", "Person: Phone", "list"),
    field("person.org_id", "Person: Organization (ID)", "number"),
    field("person.marketing_status", "Person: Marketing status", "text"),
    field("lead.title", `${what}: Title`, "text", true),
    field("lead.value", `${what}: Value`, "number"),
    field("lead.currency", `${what}: Currency`, "text"),
    field("lead.expected_close_date", `${what}: Expected close date`, "date"),
    field("lead.channel", `${what}: Source channel`, "number"),
    field("lead.channel_id", `${what}: Source channel ID`, "text"),
    withOptions(field("lead.label_ids", `${what}: Labels`, "choices"), labels),
    ...choices.map(([target, label, options]) => withOptions(field(target, label, "choice"), options)),
  ];
}

function field(target: string, label: string, type: RemoteFieldType, isRequired = false): RemoteField {
  return { target, label, type, isRequired };
}

function withOptions(of: RemoteField, options: readonly RemoteOption[]): RemoteField {
  return options.length === 0 ? of : { ...of, options };
}

/** None where the token may not read them: they are a help, no more. */
async function optionsOf(
  api: Api,
  path: string,
  query: Query,
  label: string,
): Promise<readonly RemoteOption[]> {
  const { json } = await get(api, path, query, { answers: listAnswers, isAside: true });
  return listAt(json, "/data").flatMap((each) => optionOf(each, label));
}

function optionOf(json: unknown, label: string): RemoteOption[] {
  const value = textAt(json, "/id");
  return value === null ? [] : [{ value, label: textAt(json, label) ?? value }];
}

/** Version 2 says `field_code`, version 1 said `key`. */
function customField(part: "person" | "lead", json: unknown): RemoteField[] {
  const key = textAt(json, "/field_code") ?? textAt(json, "/key");
  if (key === null || !isCustomKey(key)) return [];
  const name = textAt(json, "/field_name") ?? textAt(json, "/name") ?? key;
  const options = listAt(json, "/options").flatMap((each) => optionOf(each, "/label"));
  const label = `${part === "person" ? "Person" : "Lead"}: ${name}`;
  return [withOptions(field(`${part}.${key}`, label, typeOf(textAt(json, "/field_type"))), options)];
}

function typeOf(type: string | null): RemoteFieldType {
  switch (type) {
    case "varchar":
    case "varchar_auto":
    case "text":
    case "phone":
    case "address":
      return "text";
    case "double":
    case "int":
    case "monetary":
      return "number";
    case "date":
      return "date";
    case "time":
      return "time";
    case "enum":
      return "choice";
    case "set":
      return "choices";
    default:
      return "other";
  }
}

/** There is no type for yes and no. */
const typesThere = {
  text: { field_type: "varchar" },
  number: { field_type: "double" },
  boolean: { field_type: "enum", options: [{ label: "Yes" }, { label: "No" }] },
  date: { field_type: "date" },
} as const;
