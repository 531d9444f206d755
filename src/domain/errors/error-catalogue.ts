// Every error that HTTP answers bear: its status, and what it says to people in both languages: what happened, whether
// the lead is safe, what to do. A code never changes its meaning.
import { apiErrors } from "./api-errors.ts";
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { payloadErrors } from "./payload-errors.ts";
import { requestErrors } from "./request-errors.ts";
import { senderErrors } from "./sender-errors.ts";

export type { CatalogueEntry, ErrorText, Language } from "./error-catalogue-entry.ts";

export const errorCatalogue = {
  ...senderErrors,
  ...requestErrors,
  ...payloadErrors,
  ...apiErrors,
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}
