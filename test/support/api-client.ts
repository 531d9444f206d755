// A client of the API for tests: sends JSON with a key, and gives back status, headers and what was answered.
import type { Answer } from "./webhook-client.ts";
import { answerOf } from "./webhook-client.ts";

export const testAdminKey = "admin-key-of-the-tests-0123456789abcdef";

export interface ApiCall {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiClient {
  get(path: string, call?: ApiCall): Promise<Answer>;
  post(path: string, body?: unknown, call?: ApiCall): Promise<Answer>;
  patch(path: string, body?: unknown, call?: ApiCall): Promise<Answer>;
  put(path: string, body?: unknown, call?: ApiCall): Promise<Answer>;
  delete(path: string, call?: ApiCall): Promise<Answer>;
}

/** Paths are those below /api/v1. */
export function apiClient(url: string, key: string | null = testAdminKey): ApiClient {
  const send =
    (method: string) =>
    async (path: string, { body, headers = {} }: ApiCall = {}): Promise<Answer> =>
      answerOf(
        await fetch(`${url}/api/v1${path}`, {
          method,
          headers: {
            ...(key === null ? {} : { authorization: `Bearer ${key}` }),
            ...(body === undefined ? {} : { "content-type": "application/json" }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
  const withBody =
    (method: string) =>
    (path: string, body: unknown = {}, call: ApiCall = {}): Promise<Answer> =>
      send(method)(path, { ...call, body });
  return {
    get: send("GET"),
    post: withBody("POST"),
    patch: withBody("PATCH"),
    put: withBody("PUT"),
    delete: send("DELETE"),
  };
}
