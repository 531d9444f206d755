// The columns of the table Lead, as Dataverse describes them (“Query table definitions using the Web API”).
import type {
  RemoteField,
  RemoteFieldType,
  RemoteOption,
} from "../../../domain/destinations/remote-field.ts";

interface Label {
  readonly UserLocalizedLabel?: { readonly Label?: string } | null;
}

interface Column {
  readonly LogicalName: string;
  readonly AttributeType: string;
  readonly DisplayName?: Label | null;
  readonly IsValidForCreate?: boolean;
  readonly IsValidForUpdate?: boolean;
}

interface OptionSet {
  readonly Options?: readonly { readonly Value: number; readonly Label?: Label | null }[];
}

interface ChoiceColumn {
  readonly LogicalName: string;
  readonly OptionSet?: OptionSet | null;
  readonly GlobalOptionSet?: OptionSet | null;
}

interface Lookup {
  readonly ReferencingEntityNavigationPropertyName: string;
}

interface Key {
  readonly KeyAttributes?: readonly string[];
  readonly EntityKeyIndexStatus?: string;
}

/** Nothing is required: what Dataverse fills in by itself is, as it says, required too; forms ask for more than the API does. */
export function leadColumns(columns: unknown, choices: unknown, lookups: unknown): readonly RemoteField[] {
  const options = new Map(
    (valuesOf(choices) as readonly ChoiceColumn[]).map((each) => [each.LogicalName, optionsOf(each)]),
  );
  const written = (valuesOf(columns) as readonly Column[]).filter(
    (column) => column.IsValidForCreate !== false || column.IsValidForUpdate !== false,
  );
  return [
    ...written
      .filter(({ AttributeType: type }) => !unwritten.has(type))
      .map(({ LogicalName: target, AttributeType: type, DisplayName: name }): RemoteField => {
        const known = options.get(target) ?? [];
        return {
          target,
          label: labelOf(name) ?? target,
          type: types[type] ?? "other",
          isRequired: false,
          ...(known.length === 0 ? {} : { options: known }),
        };
      }),
    ...(valuesOf(lookups) as readonly Lookup[]).map((lookup): RemoteField => {
      const target = `${lookup.ReferencingEntityNavigationPropertyName}@odata.bind`;
      return { target, label: target, type: "other", isRequired: false };
    }),
  ];
}

/** null: Leads can be found by it. */
export function keyProblem(keys: unknown, column: string): "missing" | "not_ready" | null {
  const key = (valuesOf(keys) as readonly Key[]).find(
    ({ KeyAttributes: [first, ...others] = [] }) => first === column && others.length === 0,
  );
  if (key === undefined) return "missing";
  return key.EntityKeyIndexStatus === undefined || key.EntityKeyIndexStatus === "Active" ? null : "not_ready";
}

function valuesOf(json: unknown): readonly unknown[] {
  const { value } = (json ?? {}) as { readonly value?: unknown };
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function optionsOf({ OptionSet: own, GlobalOptionSet: shared }: ChoiceColumn): readonly RemoteOption[] {
  return (own?.Options ?? shared?.Options ?? []).map(({ Value: value, Label: label }) => ({
    value: String(value),
    label: labelOf(label) ?? String(value),
  }));
}

function labelOf(label: Label | null | undefined): string | undefined {
  return label?.UserLocalizedLabel?.Label;
}

const unwritten: ReadonlySet<string> = new Set([
  "Virtual",
  "EntityName",
  "ManagedProperty",
  "CalendarRules",
  "Lookup",
  "Customer",
  "Owner",
  "PartyList",
]);

const types: Readonly<Partial<Record<string, RemoteFieldType>>> = {
  String: "text",
  Memo: "text",
  Boolean: "boolean",
  Integer: "number",
  BigInt: "number",
  Decimal: "number",
  Double: "number",
  Money: "number",
  DateTime: "time",
  Picklist: "choice",
  State: "choice",
  Status: "choice",
};
