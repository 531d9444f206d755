// The schemas of the OpenAPI document by name, so that a generated client has types that are called something: each shape
// stands once under `components`, and unions that a member tells apart say so.

/** A JSON Schema, or any other part of the document. */
export type Node = Readonly<Record<string, unknown>>;

export interface NamedSchemas {
  /** The same with references, and without marks of our own. */
  refer(node: unknown): unknown;
  readonly schemas: Readonly<Record<string, unknown>>;
}

export function nameSchemas(named: Readonly<Record<string, unknown>>): NamedSchemas {
  const nameOf = new Map(Object.entries(named).map(([name, schema]) => [textOf(schema), name]));
  const schemas: Record<string, unknown> = {};

  /** `member`: under which name it stands. */
  function refer(node: unknown, member = ""): unknown {
    if (Array.isArray(node)) return node.map((part) => refer(part, member));
    if (!isNode(node)) return node;
    const name = nameOf.get(textOf(node)) ?? nameIn(node);
    if (name === undefined)
      return isNode(node["discriminator"]) ? described(node, freeName(member)) : plain(node);
    if (!(name in schemas)) {
      // Before its parts are: a name is never taken twice.
      schemas[name] = null;
      schemas[name] = described(node, name);
    }
    return { $ref: refTo(name) };
  }

  function freeName(member: string): string {
    const name = pascal(member);
    const taken = (candidate: string): boolean =>
      Object.keys(schemas).some((known) => known.startsWith(candidate));
    if (!taken(name)) return name;
    let number = 2;
    while (taken(`${name}${number}`)) number += 1;
    return `${name}${number}`;
  }

  function described(node: Node, name: string): unknown {
    const told = toldApart(node);
    if (told === null) return plain(node);
    const { variants, member } = told;
    const mapping: Record<string, string> = {};
    for (const [value, variant] of variants) {
      const variantName = `${name}${pascal(value)}`;
      schemas[variantName] ??= plain(variant);
      mapping[value] = refTo(variantName);
    }
    const rest = without(node, "anyOf", "oneOf");
    const oneOf = Object.values(mapping).map(($ref) => ({ $ref }));
    return { ...(plain(rest) as Node), oneOf, discriminator: { propertyName: member, mapping } };
  }

  /** Its parts referred to, itself not. */
  function plain(node: Node): unknown {
    const isList = node["x-one-or-list"] === true;
    const rest = without(node, "x-id", "x-one-or-list", "x-checked-by", "x-name");
    const parts = Object.fromEntries(Object.entries(rest).map(([key, part]) => [key, refer(part, key)]));
    if (parts["format"] === "time-or-day") return without(parts, "format");
    return isList ? { anyOf: [parts["items"], parts] } : parts;
  }

  return { refer, schemas };
}

/** Schemas that are made for the kinds there are say their names themselves. */
function nameIn(node: Node): string | undefined {
  const name = node["x-name"];
  return typeof name === "string" ? name : undefined;
}

function refTo(name: string): string {
  return `#/components/schemas/${name}`;
}

interface ToldApart {
  readonly member: string;
  readonly variants: readonly (readonly [value: string, variant: Node])[];
}

/** null: the alternatives are no objects, or no member of theirs has a value of its own in each. */
function toldApart({ anyOf, oneOf }: Node): ToldApart | null {
  const all = anyOf ?? oneOf;
  if (!Array.isArray(all) || all.length < 2) return null;
  const variants = all.filter(isNode);
  const [first] = variants;
  for (const member of Object.keys(first?.["properties"] ?? {})) {
    const values = variants.map((variant) => constOf(variant, member));
    if (values.every((value) => value !== null) && new Set(values).size === all.length)
      return { member, variants: variants.map((variant, at) => [values[at] ?? "", variant]) };
  }
  return null;
}

function constOf({ properties }: Node, member: string): string | null {
  const schema = isNode(properties) ? properties[member] : undefined;
  if (!isNode(schema)) return null;
  const { const: only, enum: values } = schema;
  const value: unknown = Array.isArray(values) && values.length === 1 ? values[0] : only;
  return typeof value === "string" ? value : null;
}

function without(node: Node, ...members: readonly string[]): Node {
  return Object.fromEntries(Object.entries(node).filter(([name]) => !members.includes(name)));
}

function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** As the library that collects the routes writes it: one value is a list of one. */
function textOf(schema: unknown): string {
  return JSON.stringify(schema, (_key, value: unknown) =>
    isNode(value) && "const" in value
      ? Object.fromEntries(
          Object.entries(value).map(([key, part]) => (key === "const" ? ["enum", [part]] : [key, part])),
        )
      : value,
  );
}
