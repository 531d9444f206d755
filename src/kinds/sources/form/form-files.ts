// Files of a form: what a lead says of each, and whether its content goes with it.
import { hash } from "node:crypto";
import type { FormFile } from "../../../bodies/form-fields.ts";
import type { LeadBody, LeadFields } from "../../../domain/leads/lead-body.ts";

export interface FileRules {
  /** `describe`: name, type, size and digest alone. */
  readonly files: "describe" | "keep";
  /** A larger one is described. */
  readonly fileLimitBytes: number;
}

/** The same lead with its files as the rules want them; a form holds texts and files, and nothing else. */
export function withFiles(body: LeadBody, rules: FileRules): LeadBody {
  if (body.format !== "form" || !Object.values(body.value).some(holdsFile)) return body;
  // As text, so that a field named __proto__ is a field like any other.
  const members = Object.entries(body.value).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(described(value, rules))}`,
  );
  const json = `{${members.join(",")}}`;
  // A charset would have the very bytes kept, and with them the contents that are thrown away here.
  const { kind, format, readAs } = body;
  const value = JSON.parse(json) as LeadFields;
  return readAs === undefined ? { kind, format, json, value } : { kind, format, json, value, readAs };
}

function holdsFile(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isFile) : isFile(value);
}

function isFile(value: unknown): value is FormFile {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function described(value: unknown, rules: FileRules): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => described(each, rules));
  if (!isFile(value)) return value;
  const { base64, ...told } = value;
  const sha256 = hash("sha256", Buffer.from(base64, "base64"), "hex");
  const isKept = rules.files === "keep" && value.size_bytes <= rules.fileLimitBytes;
  return isKept ? { ...told, sha256, base64 } : { ...told, sha256 };
}
