// What runs in a child process: JSONata, and nothing else. It gets all that it needs over its standard input, the library
// included, so that it may be denied every file. One line in is one expression and one document, one line out what came of it.

/** What the child is asked. `input` null: only whether the expression can be read. */
export interface ChildRequest {
  readonly expression: string;
  /** JSON. */
  readonly input: string | null;
}

export type ChildAnswer =
  | { readonly kind: "ready" }
  /** `json` null: nothing. */
  | { readonly kind: "value"; readonly json: string | null }
  | { readonly kind: "too_much" }
  | { readonly kind: "unreadable" | "thrown"; readonly code: string; readonly detail: string }
  | { readonly kind: "refused"; readonly words: string };

export interface ChildLimits {
  readonly outputCharactersMax: number;
  /** JSONata's own guards, which are looked at between steps: what they stop needs no killing. */
  readonly timeoutMs: number;
  readonly stackMax: number;
  readonly wordsMax: number;
}

/** JavaScript for `node -e`. */
export function childProgram(limits: ChildLimits): string {
  return `(${serve.toString()})(${JSON.stringify(limits)}, require("node:vm"))`;
}

interface Thrown {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly position?: unknown;
  readonly value?: unknown;
  readonly value2?: unknown;
  readonly exp?: unknown;
}

type Library = (
  expression: string,
  options: { readonly timeout: number; readonly stack: number },
) => { evaluate(input: unknown): Promise<unknown> };

/** Becomes text: it may use nothing of this module. */
function serve(limits: ChildLimits, vm: { runInThisContext(code: string): unknown }): void {
  const { stdin, stdout } = process;
  // What an expression could reach if it broke out of its language.
  for (const name of ["process", "require", "module", "exports", "fetch", "WebSocket", "EventSource"])
    Reflect.deleteProperty(globalThis, name);

  const answer = (said: ChildAnswer): void => {
    stdout.write(`${JSON.stringify(said)}\n`);
  };
  const options = { timeout: limits.timeoutMs, stack: limits.stackMax };
  const known = new Map<string, ReturnType<Library>>();
  let jsonata: Library | null = null;

  const load = (source: string): void => {
    const loaded: { exports: unknown } = { exports: {} };
    const run = vm.runInThisContext(`(function (module, exports) {${source}\n})`) as (
      module: typeof loaded,
      exports: unknown,
    ) => void;
    run(loaded, loaded.exports);
    jsonata = loaded.exports as Library;
    answer({ kind: "ready" });
  };

  const read = (expression: string): ReturnType<Library> => {
    const before = known.get(expression);
    if (before !== undefined) return before;
    if (jsonata === null) throw new Error("no library");
    const made = jsonata(expression, options);
    if (known.size >= 20) known.clear();
    known.set(expression, made);
    return made;
  };

  /** Without values, which may be the lead's: JSONata's own words repeat them. Of other errors nothing is told. */
  const wordsOf = (thrown: Thrown): string => {
    if (typeof thrown.code !== "string") return "JSONata itself failed";
    let words = String(thrown.message);
    for (const value of [thrown.value, thrown.value2, thrown.exp])
      if (value !== undefined) words = words.replaceAll(JSON.stringify(value), "…");
    return words.slice(0, limits.wordsMax);
  };
  const fault = (kind: "unreadable" | "thrown", error: unknown): ChildAnswer => {
    const thrown = (typeof error === "object" && error !== null ? error : {}) as Thrown;
    const code = typeof thrown.code === "string" ? thrown.code : "error";
    if (kind === "thrown" && (code === "D3137" || code === "D3141"))
      return { kind: "refused", words: String(thrown.message).slice(0, limits.wordsMax) };
    const words = kind === "unreadable" ? String(thrown.message) : wordsOf(thrown);
    const at = typeof thrown.position === "number" ? `, at character ${thrown.position}` : "";
    return { kind, code, detail: `${words}${at}` };
  };

  /** Functions are no JSON. */
  const data = (_name: string, value: unknown): unknown => {
    if (typeof value === "function") return undefined;
    if (typeof value !== "object" || value === null) return value;
    return "_jsonata_lambda" in value || "_jsonata_function" in value ? undefined : value;
  };

  const evaluate = async ({ expression, input }: ChildRequest): Promise<ChildAnswer> => {
    let readable: ReturnType<Library>;
    try {
      readable = read(expression);
    } catch (error) {
      return fault("unreadable", error);
    }
    if (input === null) return { kind: "value", json: null };
    try {
      const json = JSON.stringify(await readable.evaluate(JSON.parse(input)), data) as string | undefined;
      if (json === undefined) return { kind: "value", json: null };
      return json.length > limits.outputCharactersMax ? { kind: "too_much" } : { kind: "value", json };
    } catch (error) {
      return fault("thrown", error);
    }
  };

  let waiting = "";
  stdin.setEncoding("utf8");
  stdin.on("data", (more: string) => {
    waiting += more;
    for (let end = waiting.indexOf("\n"); end >= 0; end = waiting.indexOf("\n")) {
      const said = JSON.parse(waiting.slice(0, end)) as string | ChildRequest;
      waiting = waiting.slice(end + 1);
      if (typeof said === "string") load(said);
      else void evaluate(said).then(answer);
    }
  });
}
