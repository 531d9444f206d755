// A vendor's interface for tests: a sink that answers by method and path, in the order in which routes are named.
import { startSink } from "./sink.ts";
import type { Sink, SinkAnswer, SinkRequest } from "./sink.ts";

/** `POST /v3/contacts`: method and the beginning of the path, or a pattern for it. */
export type Route = readonly [method: string, path: string | RegExp, answer: RouteAnswer];
type RouteAnswer = SinkAnswer | ((request: SinkRequest) => SinkAnswer);

export interface InterfaceDouble {
  readonly sink: Sink;
  /** `http://127.0.0.1:<port>` */
  readonly baseUrl: string;
  /** `POST /v3/contacts`, without what stands behind the `?`. */
  calls(): readonly string[];
  /** Of the requests with this method and path, the bodies as JSON. */
  bodies(method: string, path: string | RegExp): readonly unknown[];
}

export async function startInterface(...routes: readonly Route[]): Promise<InterfaceDouble> {
  const sink = await startSink((request) => {
    const found = routes.find(([method, path]) => request.method === method && fits(request.path, path));
    if (found === undefined) return json(404, { message: "not found" });
    const [, , answer] = found;
    return typeof answer === "function" ? answer(request) : answer;
  });
  return {
    sink,
    baseUrl: `http://127.0.0.1:${sink.port}`,
    calls: () => sink.requests.map(({ method, path }) => `${method} ${path.replace(/\?.*$/, "")}`),
    bodies: (method, path) =>
      sink.requests
        .filter((each) => each.method === method && fits(each.path, path))
        .map(({ body }) => JSON.parse(body) as unknown),
  };
}

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): SinkAnswer {
  return {
    kind: "answer",
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

function fits(path: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? path.startsWith(wanted) : wanted.test(path);
}
