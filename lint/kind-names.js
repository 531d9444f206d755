// Lint rule: nothing but a kind's own folder names the kind. Whoever needs to tell kinds apart asks what they declare.
import { readdirSync } from "node:fs";
import { join } from "node:path";

const folders = ["destinations", "sources"];

/** Words that mean other things, too: they are looked at only where a kind stands (`.kind === …`, `kind: …`). */
const ambiguous = new Set(["http", "email", "hmac", "none", "token"]);

/** By folder of src/kinds: `{ destinations: ["http", …] }`. */
export function kindsIn(root) {
  return Object.fromEntries(
    folders.map((folder) => [
      folder,
      readdirSync(join(root, "src/kinds", folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name),
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
    const isIn = (folder, name) => path.includes(`/kinds/${folder}/${name}/`);

    function look(node, name) {
      const folder = folderOf.get(name);
      if (folder === undefined || isIn(folder, name)) return;
      if (ambiguous.has(name) && !standsForKind(node)) return;
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
function standsForKind(node) {
  const { parent } = node;
  switch (parent.type) {
    case "BinaryExpression":
      return isKind(parent.left === node ? parent.right : parent.left);
    case "SwitchCase":
      return isKind(parent.parent.discriminant);
    case "Property":
      return parent.value === node && nameOf(parent.key) === "kind";
    case "TSLiteralType":
    case "TSUnionType":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "ArrayExpression":
    case "LogicalExpression":
    case "ConditionalExpression":
      return standsForKind(parent);
    case "TSTypeAnnotation":
      return parent.parent.type === "TSPropertySignature" && nameOf(parent.parent.key) === "kind";
    case "VariableDeclarator":
      return /kinds?$/i.test(nameOf(parent.id) ?? "");
    case "CallExpression":
      // `kinds.includes("http")`, `of(kind, "http")`, `Type.Literal("http")` as the value of `kind`.
      return (
        parent.arguments.some((argument) => isKind(argument)) ||
        (parent.callee.type === "MemberExpression" && isKind(parent.callee.object)) ||
        standsForKind(parent)
      );
    default:
      return false;
  }
}

function isKind(node) {
  if (node.type === "ChainExpression") return isKind(node.expression);
  const name = node.type === "MemberExpression" ? nameOf(node.property) : nameOf(node);
  return name !== null && /(?:^k|K)inds?$/.test(name);
}

function nameOf(node) {
  if (node.type === "Identifier") return node.name;
  return node.type === "Literal" ? String(node.value) : null;
}
