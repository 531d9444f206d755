// PHP 8 that sends a lead to a source, with the curl extension that nearly every host has.
import { exampleKey, isKeyInHeader } from "./sample-target.ts";
import type { SpokenTarget } from "./sample-target.ts";

const keyText = {
  en: "The key belongs to the lead: store it there, and use the same one if you send the lead again.",
  de: "Die Kennung gehört zum Lead: dort speichern und beim erneuten Senden wieder verwenden.",
} as const;

export function phpSample({ url, proof, secret, key, lead, language }: SpokenTarget): string {
  const environment = `getenv('${secret.variable}')`;
  const headers = [
    "'Content-Type: application/json'",
    ...(isKeyInHeader(key) ? ["'Idempotency-Key: ' . $key"] : []),
    ...(proof === "bearer" ? [`'Authorization: Bearer ' . ${environment}`] : []),
    ...(proof === "signature" ? ["'X-Timestamp: ' . $timestamp", "'X-Signature: sha256=' . $signature"] : []),
  ];
  const lines = [
    "<?php",
    ...(key === "body_hash" ? [] : [`// ${keyText[language]}`, "$key = bin2hex(random_bytes(16));"]),
    `$body = json_encode(${literal(lead, key === "pointer" ? exampleKey : null)}, JSON_THROW_ON_ERROR);`,
    ...(proof === "signature"
      ? [
          "$timestamp = (string) time();",
          `$signature = hash_hmac('sha256', $timestamp . '.' . $body, ${environment});`,
        ]
      : []),
    "",
    `$request = curl_init(${text(url)});`,
    "curl_setopt_array($request, [",
    "    CURLOPT_POST => true,",
    "    CURLOPT_POSTFIELDS => $body,",
    "    CURLOPT_RETURNTRANSFER => true,",
    "    CURLOPT_TIMEOUT => 10,",
    "    CURLOPT_HTTPHEADER => [",
    ...headers.map((header) => `        ${header},`),
    "    ],",
    "]);",
    "$answer = curl_exec($request);",
    String.raw`echo curl_getinfo($request, CURLINFO_RESPONSE_CODE), ' ', $answer, "\n";`,
  ];
  return `${lines.join("\n")}\n`;
}

/** The text `variable` stands for the variable `$key`. */
function literal(value: unknown, variable: string | null, indent = ""): string {
  if (variable !== null && value === variable) return "$key";
  if (typeof value === "string") return text(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const deeper = `${indent}    `;
  const members = Array.isArray(value)
    ? value.map((each) => literal(each, variable, deeper))
    : Object.entries(value).map(([name, each]) => `${text(name)} => ${literal(each, variable, deeper)}`);
  if (members.length === 0) return Array.isArray(value) ? "[]" : "new stdClass()";
  return `[\n${members.map((member) => `${deeper}${member},\n`).join("")}${indent}]`;
}

function text(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}
