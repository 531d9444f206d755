// Nodes for n8n, as JSON to be pasted into its canvas: an example lead, the signature where there is one, and the request.
import { isKeyInHeader } from "./sample-target.ts";
import type { SpokenTarget } from "./sample-target.ts";

const texts = {
  en: {
    start: "Start by hand",
    lead: "Example lead",
    signed: "What is signed",
    signature: "Signature",
    send: "To LeadLedger",
    leadNote: "Put your own trigger in the place of this node and the one before it.",
    tokenNote: "Credential: Header Auth with the name X-Api-Key and the token as its value.",
    secretNote: (variable: string) =>
      `The secret is the environment variable ${variable} of n8n; where n8n may not read it, enter the secret here.`,
  },
  de: {
    start: "Start von Hand",
    lead: "Beispiel-Lead",
    signed: "Was signiert wird",
    signature: "Signatur",
    send: "An LeadLedger",
    leadNote: "Setzen Sie Ihren eigenen Trigger an die Stelle dieses Knotens und des Knotens davor.",
    tokenNote: "Zugangsdaten: Header Auth mit dem Namen X-Api-Key und dem Token als Wert.",
    secretNote: (variable: string) =>
      `Das Geheimnis ist die Umgebungsvariable ${variable} von n8n; darf n8n sie nicht lesen, tragen Sie das Geheimnis hier ein.`,
  },
} as const;

interface N8nNode {
  readonly name: string;
  readonly type: string;
  readonly typeVersion: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly notes?: string;
}

/** The id that a lead brings along; else one for this item of this execution. */
const itemKey = '={{ $json.id ?? $execution.id + "-" + $itemIndex }}';

export function n8nSample(target: SpokenTarget): string {
  const text = texts[target.language];
  const nodes = [
    { name: text.start, type: "n8n-nodes-base.manualTrigger", typeVersion: 1, parameters: {} },
    {
      name: text.lead,
      type: "n8n-nodes-base.set",
      typeVersion: 3.4,
      notes: text.leadNote,
      parameters: { mode: "raw", jsonOutput: JSON.stringify(target.lead, null, 2), options: {} },
    },
    ...(target.proof === "signature" ? signing(target) : []),
    request(target),
  ];
  return `${JSON.stringify({ nodes: nodes.map(placed), connections: connectionsOf(nodes) }, null, 2)}\n`;
}

function signing({ language, secret, key }: SpokenTarget): readonly N8nNode[] {
  const text = texts[language];
  const values = {
    body: "={{ JSON.stringify($json) }}",
    timestamp: "={{ String(Math.floor(Date.now() / 1000)) }}",
    ...(isKeyInHeader(key) ? { key: itemKey } : {}),
  };
  return [
    {
      name: text.signed,
      type: "n8n-nodes-base.set",
      typeVersion: 3.4,
      parameters: {
        assignments: {
          assignments: Object.entries(values).map(([name, value]) => ({
            id: name,
            name,
            value,
            type: "string",
          })),
        },
        options: {},
      },
    },
    {
      name: text.signature,
      type: "n8n-nodes-base.crypto",
      typeVersion: 1,
      notes: text.secretNote(secret.variable),
      parameters: {
        action: "hmac",
        type: "SHA256",
        encoding: "hex",
        dataPropertyName: "signature",
        value: "={{ $json.timestamp }}.{{ $json.body }}",
        secret: `={{ $env.${secret.variable} }}`,
      },
    },
  ];
}

function request({ url, proof, key, language }: SpokenTarget): N8nNode {
  const text = texts[language];
  const isSigned = proof === "signature";
  const headers = {
    ...(isKeyInHeader(key) ? { "Idempotency-Key": isSigned ? "={{ $json.key }}" : itemKey } : {}),
    ...(isSigned
      ? { "X-Timestamp": "={{ $json.timestamp }}", "X-Signature": "=sha256={{ $json.signature }}" }
      : {}),
  };
  const parameters = Object.entries(headers).map(([name, value]) => ({ name, value }));
  return {
    name: text.send,
    type: "n8n-nodes-base.httpRequest",
    typeVersion: 4.2,
    ...(proof === "bearer" ? { notes: text.tokenNote } : {}),
    parameters: {
      method: "POST",
      url,
      ...(proof === "bearer"
        ? { authentication: "genericCredentialType", genericAuthType: "httpHeaderAuth" }
        : {}),
      ...(parameters.length === 0 ? {} : { sendHeaders: true, headerParameters: { parameters } }),
      sendBody: true,
      contentType: "raw",
      rawContentType: "application/json",
      body: isSigned ? "={{ $json.body }}" : "={{ JSON.stringify($json) }}",
      options: {},
    },
  };
}

function placed(node: N8nNode, index: number) {
  return { ...node, id: `leadledger-${index + 1}`, position: [240 * index, 0] };
}

/** One after the other. */
function connectionsOf(nodes: readonly N8nNode[]) {
  return Object.fromEntries(
    nodes.flatMap(({ name }, index) => {
      const next = nodes[index + 1];
      return next === undefined ? [] : [[name, { main: [[{ node: next.name, type: "main", index: 0 }]] }]];
    }),
  );
}
