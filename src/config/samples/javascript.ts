// JavaScript that sends a lead to a source: Node 20 and newer, without any library.
import { exampleKey, isKeyInHeader } from "./sample-target.ts";
import type { SpokenTarget } from "./sample-target.ts";

const texts = {
  en: {
    where: "Node 20 or newer; save it as send-lead.mjs.",
    notInBrowsers: "On a server, never in a browser, where anybody could read the secret.",
    key: "The key belongs to the lead: store it there, and use the same one if you send the lead again.",
  },
  de: {
    where: "Ab Node 20; speichern als send-lead.mjs.",
    notInBrowsers: "Auf dem Server, niemals im Browser, wo jeder das Geheimnis lesen könnte.",
    key: "Die Kennung gehört zum Lead: dort speichern und beim erneuten Senden wieder verwenden.",
  },
} as const;

export function javascriptSample({ url, proof, secret, key, lead, language }: SpokenTarget): string {
  const text = texts[language];
  const environment = `process.env.${secret.variable}`;
  const hasKey = key !== "body_hash";
  const imports = [...(proof === "signature" ? ["createHmac"] : []), ...(hasKey ? ["randomUUID"] : [])];
  const headers = [
    `"Content-Type": "application/json"`,
    ...(isKeyInHeader(key) ? [`"Idempotency-Key": key`] : []),
    ...(proof === "bearer" ? [`Authorization: \`Bearer \${${environment}}\``] : []),
    ...(proof === "signature" ? [`"X-Timestamp": timestamp`, '"X-Signature": `sha256=${signature}`'] : []),
  ];
  const lines = [
    `// ${text.where}${proof === "nothing" ? "" : ` ${text.notInBrowsers}`}`,
    ...(imports.length === 0 ? [] : [`import { ${imports.join(", ")} } from "node:crypto";`]),
    "",
    ...(hasKey ? [`// ${text.key}`, "const key = randomUUID();"] : []),
    `const body = JSON.stringify(${literal(lead, key === "pointer" ? exampleKey : null)});`,
    ...(proof === "signature"
      ? [
          "const timestamp = String(Math.floor(Date.now() / 1000));",
          `const signature = createHmac("sha256", ${environment}).update(\`\${timestamp}.\${body}\`).digest("hex");`,
        ]
      : []),
    "",
    `const response = await fetch(${JSON.stringify(url)}, {`,
    `  method: "POST",`,
    "  headers: {",
    ...headers.map((header) => `    ${header},`),
    "  },",
    "  body,",
    "});",
    "console.log(response.status, await response.text());",
  ];
  return `${lines.join("\n")}\n`;
}

/** JSON is JavaScript, but for one name; the text `variable` stands for the variable `key`. */
function literal(value: unknown, variable: string | null, indent = ""): string {
  if (variable !== null && value === variable) return "key";
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const members = Array.isArray(value)
    ? value.map((each) => literal(each, variable, deeper))
    : Object.entries(value).map(([name, each]) => `${nameOf(name)}: ${literal(each, variable, deeper)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (members.length === 0) return open + close;
  return `${open}\n${members.map((member) => `${deeper}${member},\n`).join("")}${indent}${close}`;
}

function nameOf(name: string): string {
  if (name === "__proto__") return `["__proto__"]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
