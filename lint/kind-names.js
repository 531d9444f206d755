// Lint rule: nothing but a kind's own folder names the kind. Whoever needs to tell kinds apart asks what they declare.
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

const folders = ["destinations", "sources"];

/**
 * Words that mean other things, too: also in files about kinds they are looked at only where a kind stands
 * (`.kind === …`, `kind: …`). Add a kind's name if it is an ordinary word.
 */
const ordinary = new Set([
  ...["email", "events", "file", "form", "hmac", "http", "lines", "log", "mail", "none"],
  ...["postgres", "sheet", "sms", "table", "teams", "text", "token", "webhook"],
]);

/** Files that are about kinds of sources or destinations say so by their path, or by what they import. */
const aboutKinds = /(?:^|[/-])(?:sources?|destinations?|kinds?)(?:[/.-]|$)/;

/** What has a kind of source or destination: `destination.kind`, `sourceKind`, `sendingKinds`. */
const owners = /destination|source|auth\b|sending/i;

/** By folder of src/kinds: `{ destinations: ["http", …] }`. */
export function kindsIn(root) {
  return Object.fromEntries(
    folders.map((folder) => [
      folder,
      readdirSync(join(root, "src/kinds", folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        // What several kinds share has a folder too, and declares none.
        .filter((name) =>
          ["kind", name].some((file) => existsSync(join(root, "src/kinds", folder, name, `${file}.ts`))),
        ),
    ]),
  );
}

/** @type {import("eslint").Rule.RuleModule} */
export const kindNames = {
  meta: {
    type: "problem",
    schema: [{ type: "object" }],
    messages: {
      named:
        "“{{name}}” is a kind of {{folder}}, which only src/kinds/{{folder}}/{{name}} names. Ask what the kind declares instead.",
    },
  },
  create(context) {
    const [kinds = {}] = context.options;
    const folderOf = new Map(
      Object.entries(kinds).flatMap(([folder, names]) => names.map((name) => [name, folder])),
    );
    const path = context.filename.replaceAll("\\", "/");
    // A vendor may be a source and a destination, by the same name.
    const isOwn = (name) => folders.some((folder) => path.includes(`/kinds/${folder}/${name}/`));
    const isAbout =
      aboutKinds.test(relative(context.cwd, context.filename).replaceAll("\\", "/")) ||
      context.sourceCode.ast.body.some(
        ({ source }) => typeof source?.value === "string" && aboutKinds.test(source.value),
      );

    function look(node, name) {
      const folder = folderOf.get(name);
      if (folder === undefined || isOwn(name)) return;
      // Elsewhere `kind` is the member of some other union, unless its owner is named.
      if (!isAbout && !standsForKind(node, (owner) => owners.test(owner))) return;
      if (ordinary.has(name) && !standsForKind(node, () => true)) return;
      context.report({ node, messageId: "named", data: { name, folder } });
    }

    return {
      Literal: (node) => look(node, node.value),
      TemplateLiteral: (node) => {
        if (node.expressions.length === 0) look(node, node.quasis[0].value.cooked);
      },
    };
  },
};

/** Compared with a kind, the value or the type of a member `kind`, or listed beside other values of one. */
function standsForKind(node, isOwner) {
  const { parent } = node;
  switch (parent.type) {
    case "BinaryExpression":
      return isKind(parent.left === node ? parent.right : parent.left, isOwner);
    case "SwitchCase":
      return isKind(parent.parent.discriminant, isOwner);
    case "Property":
      return parent.value === node && nameOf(parent.key) === "kind" && isOwner(holderOf(parent.parent));
    case "TSLiteralType":
    case "TSUnionType":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "ArrayExpression":
    case "LogicalExpression":
    case "ConditionalExpression":
      return standsForKind(parent, isOwner);
    case "TSTypeAnnotation":
      return (
        parent.parent.type === "TSPropertySignature" &&
        nameOf(parent.parent.key) === "kind" &&
        isOwner(holderOf(parent.parent.parent))
      );
    case "VariableDeclarator":
      return /kinds?$/i.test(nameOf(parent.id) ?? "") && isOwner(nameOf(parent.id) ?? "");
    case "CallExpression":
      // `kinds.includes("http")`, `of(kind, "http")`, `Type.Literal("http")` as the value of `kind`.
      return (
        parent.arguments.some((argument) => isKind(argument, isOwner)) ||
        (parent.callee.type === "MemberExpression" && isKind(parent.callee.object, isOwner)) ||
        standsForKind(parent, isOwner)
      );
    default:
      return false;
  }
}

/** What the object or the type is called that has the member. */
function holderOf(node) {
  const { parent } = node;
  if (parent?.type === "VariableDeclarator") return nameOf(parent.id) ?? "";
  if (parent?.type === "Property") return nameOf(parent.key) ?? "";
  return nameOf(parent?.id ?? {}) ?? "";
}

function isKind(node, isOwner) {
  if (node.type === "ChainExpression") return isKind(node.expression, isOwner);
  const isMember = node.type === "MemberExpression";
  const name = isMember ? nameOf(node.property) : nameOf(node);
  if (name === null || !/(?:^k|K)inds?$/.test(name)) return false;
  const object = isMember ? node.object : null;
  const owner = object?.type === "MemberExpression" ? nameOf(object.property) : object && nameOf(object);
  return isOwner(`${owner ?? ""} ${name}`.trim());
}

function nameOf(node) {
  if (node.type === "Identifier") return node.name;
  return node.type === "Literal" ? String(node.value) : null;
}
