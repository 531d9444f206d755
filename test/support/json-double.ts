// A double of a service with an API in JSON: by method and path, with what it was asked, and a wrong word where told.
import { startSink } from "./sink.ts";
import type { Sink, SinkAnswer, SinkRequest } from "./sink.ts";

export interface Asked {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Its body; undefined: none. */
  readonly json: unknown;
  readonly request: SinkRequest;
}

/** An answer in JSON, or whatever else a sink can do. */
export type DoubleAnswer = readonly [status: number, json?: unknown] | SinkAnswer;

export interface JsonDouble {
  readonly sink: Sink;
  readonly url: string;
  /** All that was asked, in order. */
  readonly asked: readonly Asked[];
  /** `POST /path`, in order. */
  calls(): readonly string[];
  /** Instead of the usual answer, from now on; `times`: for so many requests. */
  instead(call: string, answer: DoubleAnswer, times?: number): void;
  close(): Promise<void>;
}

/** `usual`: undefined for what the service knows nothing of (404). */
export async function startJsonDouble(
  usual: (asked: Asked) => DoubleAnswer | undefined,
): Promise<JsonDouble> {
  const asked: Asked[] = [];
  const others: { readonly call: string; readonly answer: DoubleAnswer; left: number }[] = [];
  const sink = await startSink((request) => {
    const now = askedBy(request);
    asked.push(now);
    const other = others.find(({ call, left }) => left > 0 && `${now.method} ${now.path}` === call);
    if (other !== undefined) other.left -= 1;
    return sinkAnswer(other?.answer ?? usual(now) ?? [404, { message: "not found" }]);
  });
  return {
    sink,
    url: new URL(sink.url).origin,
    asked,
    calls: () => asked.map(({ method, path }) => `${method} ${path}`),
    instead: (call, answer, times = Infinity) => void others.push({ call, answer, left: times }),
    close: () => sink.close(),
  };
}

function askedBy(request: SinkRequest): Asked {
  const { pathname: path, searchParams: query } = new URL(request.path, "http://double");
  const json: unknown = request.body === "" ? undefined : JSON.parse(request.body);
  return { method: request.method, path, query, json, request };
}

function sinkAnswer(answer: DoubleAnswer): SinkAnswer {
  if (!isPair(answer)) return answer;
  const [status, json] = answer;
  return {
    kind: "answer",
    status,
    headers: { "content-type": "application/json" },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  };
}

function isPair(answer: DoubleAnswer): answer is readonly [number, unknown?] {
  return Array.isArray(answer);
}
