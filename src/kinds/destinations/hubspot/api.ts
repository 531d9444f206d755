// How HubSpot's API is asked: paths with the version that the destination names.
import { pathUnder } from "../../../config/fields/service-url.ts";
import type { Ask, Question, Reply } from "../dialogue.ts";
import { jsonRequest } from "../dialogue.ts";
import type { HubspotDestination } from "./fields.ts";

/** One attempt's way to ask. */
export interface Api {
  readonly destination: HubspotDestination;
  readonly ask: Ask;
}

type Manner = Omit<Question, "request">;

/** `path`: below the version, `contacts/search`. */
export function askObjects(
  api: Api,
  method: string,
  path: string,
  body: unknown,
  manner: Manner,
): Promise<Reply> {
  return askPart(api, method, "crm/objects", path, body, manner);
}

/** `part`: before the version, `crm/properties`; `body`: undefined for none. */
export function askPart(
  { destination, ask }: Api,
  method: string,
  part: string,
  path: string,
  body: unknown,
  manner: Manner,
): Promise<Reply> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return ask({ ...manner, request: jsonRequest(method, pathOf(destination, part, path), text) });
}

/** `path`: empty, or a query alone, for the part itself. */
export function pathOf({ baseUrl, apiVersion }: HubspotDestination, part: string, path: string): string {
  const below = path === "" || path.startsWith("?") ? path : `/${path}`;
  return pathUnder(baseUrl, `/${part}/${encodeURIComponent(apiVersion)}${below}`);
}
