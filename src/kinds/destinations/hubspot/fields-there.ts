// The properties of HubSpot's contacts, as a map can name them, and new ones.
import type {
  RemoteField,
  RemoteFieldType,
  RemoteOption,
} from "../../../domain/destinations/remote-field.ts";
import { fieldsFrom } from "../dialogue.ts";
import { listAt, textAt } from "../json-reply.ts";
import type { FieldCreated, FieldsRead, NewRemoteField } from "../sender.ts";
import { listAnswers, propertyAnswers } from "./answers.ts";
import { askPart } from "./api.ts";
import type { Api } from "./api.ts";

export async function readFields(api: Api): Promise<FieldsRead> {
  const reply = await askPart(api, "GET", "crm/properties", "contacts", undefined, { answers: listAnswers });
  const read = fieldsFrom(reply, (json) => listAt(json, "/results").flatMap(fieldOf));
  if (read.kind === "unread" || !read.fields.some(({ target }) => target === ownerProperty)) return read;
  const owners = await ownersOf(api);
  return {
    kind: "fields",
    fields: read.fields.map((field) =>
      field.target === ownerProperty && owners.length > 0
        ? { ...field, type: "choice", options: owners }
        : field,
    ),
  };
}

export async function createProperty(api: Api, { label, type }: NewRemoteField): Promise<FieldCreated> {
  const name = nameOf(label);
  const body = { name, label, groupName: "contactinformation", ...typesThere[type] };
  const reply = await askPart(api, "POST", "crm/properties", "contacts", body, { answers: propertyAnswers });
  if (reply.kind === "failed") return { kind: "not_created", outcome: reply.outcome };
  const [field] = fieldOf(reply.json);
  return { kind: "created", field: field ?? { target: name, label, type, isRequired: false } };
}

const ownerProperty = "hubspot_owner_id";
const ownersMax = 500;

/** None where the key may not read them. */
async function ownersOf(api: Api): Promise<readonly RemoteOption[]> {
  const manner = { answers: listAnswers, isAside: true };
  const { json } = await askPart(api, "GET", "crm/owners", `?limit=${ownersMax}`, undefined, manner);
  return listAt(json, "/results").flatMap((owner) => {
    const value = textAt(owner, "/id");
    const names = [textAt(owner, "/firstName") ?? "", textAt(owner, "/lastName") ?? ""].join(" ").trim();
    return value === null
      ? []
      : [{ value, label: names === "" ? (textAt(owner, "/email") ?? value) : names }];
  });
}

/** Empty for what cannot be written: calculated ones, and those of HubSpot's own. */
function fieldOf(property: unknown): RemoteField[] {
  const target = textAt(property, "/name");
  const isWritable = ["/calculated", "/archived", "/modificationMetadata/readOnlyValue"].every(
    (pointer) => textAt(property, pointer) !== "true",
  );
  if (target === null || !isWritable) return [];
  const options = listAt(property, "/options").flatMap((option): RemoteOption[] => {
    const value = textAt(option, "/value");
    return value === null ? [] : [{ value, label: textAt(option, "/label") ?? value }];
  });
  return [
    {
      target,
      label: textAt(property, "/label") ?? target,
      type: typeOf(textAt(property, "/type"), textAt(property, "/fieldType")),
      isRequired: false,
      ...(options.length === 0 ? {} : { options }),
    },
  ];
}

function typeOf(type: string | null, fieldType: string | null): RemoteFieldType {
  switch (type) {
    case "string":
    case "phone_number":
      return "text";
    case "number":
      return "number";
    case "bool":
      return "boolean";
    case "date":
      return "date";
    case "datetime":
      return "time";
    case "enumeration":
      return fieldType === "checkbox" ? "choices" : "choice";
    default:
      return "other";
  }
}

const typesThere = {
  text: { type: "string", fieldType: "text" },
  number: { type: "number", fieldType: "number" },
  boolean: {
    type: "bool",
    fieldType: "booleancheckbox",
    options: [
      { label: "Yes", value: "true", displayOrder: 0 },
      { label: "No", value: "false", displayOrder: 1 },
    ],
  },
  date: { type: "date", fieldType: "date" },
} as const;

const nameLengthMax = 60;

/** Lower case, without what HubSpot refuses in names; it must begin with a letter. */
function nameOf(label: string): string {
  const plain = label
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "")
    .slice(0, nameLengthMax);
  return /^[a-z]/.test(plain) ? plain : `leadledger_${plain}`.replace(/_$/, "");
}
