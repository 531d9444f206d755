// Which record of a person's Salesforce has already, by the error with which it refuses to make another one.
import { valueAtPointer } from "../../../domain/values/json-pointer.ts";

export interface KnownRecord {
  readonly type: "Lead" | "Contact" | "Account";
  readonly id: string;
}

/** `records`: those that it names, Leads before Contacts before accounts; null: it is no such error. */
export interface KnownPerson {
  readonly records: readonly KnownRecord[];
}

/** `json`: of an answer with status 400. `externalIdField`: whose value is our own, so that a clash of it is no person. */
export function knownPersonIn(json: unknown, externalIdField: string): KnownPerson | null {
  const code = valueAtPointer(json, "/0/errorCode");
  if (code === "DUPLICATES_DETECTED") return { records: inOrder(matchedRecords(json)) };
  if (code !== "DUPLICATE_VALUE" || isOwnClash(json, externalIdField)) return null;
  return { records: inOrder(recordsNamedIn(textAt(json, "/0/message"))) };
}

/** Two attempts at once: the next one finds the record. */
export function isOwnClash(json: unknown, externalIdField: string): boolean {
  return (
    valueAtPointer(json, "/0/errorCode") === "DUPLICATE_VALUE" &&
    textAt(json, "/0/message").includes(externalIdField)
  );
}

export function isConverted(json: unknown): boolean {
  return valueAtPointer(json, "/0/errorCode") === "CANNOT_UPDATE_CONVERTED_LEAD";
}

/** The API spells the member without its second l. */
function matchedRecords(json: unknown): readonly (KnownRecord | null)[] {
  const result = valueAtPointer(json, "/0/duplicateResut") ?? valueAtPointer(json, "/0/duplicateResult");
  return listAt(result, "/matchResults")
    .flatMap((each) => listAt(each, "/matchRecords"))
    .map((each) => recordOf(textAt(each, "/record/Id") || textAt(each, "/record/id")));
}

/** `duplicate value found: Email__c duplicates value on record with id: 00Q…` */
function recordsNamedIn(message: string): readonly (KnownRecord | null)[] {
  return (message.match(/\b[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?\b/g) ?? []).map(recordOf);
}

const typesByPrefix = { "00Q": "Lead", "003": "Contact", "001": "Account" } as const;
const typesInOrder: readonly KnownRecord["type"][] = ["Lead", "Contact", "Account"];

/** An id says by its first three characters what it is of. */
function recordOf(id: string): KnownRecord | null {
  if (!/^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(id)) return null;
  const prefix = id.slice(0, 3);
  return Object.hasOwn(typesByPrefix, prefix)
    ? { type: typesByPrefix[prefix as keyof typeof typesByPrefix], id }
    : null;
}

function inOrder(records: readonly (KnownRecord | null)[]): readonly KnownRecord[] {
  return typesInOrder.flatMap((type) =>
    records.filter((record): record is KnownRecord => record?.type === type),
  );
}

function listAt(json: unknown, pointer: string): readonly unknown[] {
  const value = valueAtPointer(json, pointer);
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function textAt(json: unknown, pointer: string): string {
  const value = valueAtPointer(json, pointer);
  return typeof value === "string" ? value : "";
}
