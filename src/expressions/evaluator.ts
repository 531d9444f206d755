// A small pool of processes that evaluate expressions: started when the first is asked for, ended when none is for a while.
// Of one destination one expression is evaluated at a time, so that a slow one keeps no other waiting.
import type { Asked, Evaluate, Evaluated, RejectExpression } from "../domain/destinations/expression.ts";
import { expressionBytesMax, expressionLimitMs } from "../domain/destinations/expression.ts";
import { errorText } from "../domain/node/log.ts";
import { marksFor, withoutMarks, writeMarked } from "../domain/values/marked-numbers.ts";
import type { ChildRequest } from "./child-program.ts";
import { jsonataProgram, startEvaluatorProcess } from "./evaluator-process.ts";
import type {
  EvaluatorProcess,
  EvaluatorProgram,
  ProcessAnswer,
  ProcessLimits,
} from "./evaluator-process.ts";

export interface EvaluatorLimits extends ProcessLimits {
  readonly processesMax: number;
  /** Then a process makes place for a fresh one. */
  readonly requestsPerProcessMax: number;
  /** A process that nobody has asked anything for so long is ended. */
  readonly idleMs: number;
}

export const evaluatorLimits: EvaluatorLimits = {
  processesMax: 4,
  requestMs: expressionLimitMs,
  startMs: 10_000,
  heapMb: 128,
  outputBytesMax: expressionBytesMax,
  requestsPerProcessMax: 1_000,
  idleMs: 60_000,
};

export interface Evaluator {
  readonly evaluate: Evaluate;
  readonly reject: RejectExpression;
  /** Of the processes that there are. */
  readonly pids: readonly number[];
  /** What waits is `closed`; resolves when no process is left. */
  close(): Promise<void>;
}

interface Waiting {
  readonly of: string;
  readonly request: ChildRequest;
  readonly done: (answer: ProcessAnswer | { readonly kind: "closed" }) => void;
}

/** `program`: instead of JSONata, for tests. */
export function createEvaluator(
  limits: EvaluatorLimits = evaluatorLimits,
  program?: EvaluatorProgram,
): Evaluator {
  let loading: Promise<EvaluatorProgram> | null = null;
  const idle: EvaluatorProcess[] = [];
  const busy = new Map<string, EvaluatorProcess | null>();
  const waiting: Waiting[] = [];
  const ending = new Set<Promise<void>>();
  let isClosed = false;
  let idleTimer: NodeJS.Timeout | null = null;

  function ask(of: string, request: ChildRequest): Promise<ProcessAnswer | { readonly kind: "closed" }> {
    if (isClosed) return Promise.resolve({ kind: "closed" });
    return new Promise((done) => {
      waiting.push({ of, request, done });
      next();
    });
  }

  /** Whoever has waited longest, of those for whom nothing is being evaluated. */
  function next(): void {
    while (busy.size < limits.processesMax) {
      const place = waiting.findIndex(({ of }) => !busy.has(of));
      const [first] = place < 0 ? [] : waiting.splice(place, 1);
      if (first === undefined) return;
      busy.set(first.of, null);
      void serve(first);
    }
  }

  async function serve({ of, request, done }: Waiting): Promise<void> {
    const answer = await answerTo(of, request);
    busy.delete(of);
    done(isClosed ? { kind: "closed" } : answer);
    if (!isClosed) next();
  }

  async function answerTo(of: string, request: ChildRequest): Promise<ProcessAnswer> {
    const answer = await askOne(of, request);
    // Somebody else may have ended it: a process that was idle, or a machine without memory.
    return answer.kind === "stopped" && answer.why === "crash" && !isClosed ? askOne(of, request) : answer;
  }

  async function askOne(of: string, request: ChildRequest): Promise<ProcessAnswer> {
    let evaluator: EvaluatorProcess;
    try {
      evaluator = await idleOrNew();
    } catch (error) {
      return { kind: "unavailable", why: errorText(error) };
    }
    busy.set(of, evaluator);
    const answer = isClosed
      ? ({ kind: "unavailable", why: "closed" } as const)
      : await evaluator.ask(request);
    const isSpent = answer.kind === "stopped" || evaluator.answered >= limits.requestsPerProcessMax;
    if (isClosed || isSpent || evaluator.isGone) endLater(evaluator);
    else keep(evaluator);
    return answer;
  }

  async function idleOrNew(): Promise<EvaluatorProcess> {
    for (let known = idle.pop(); known !== undefined; known = idle.pop()) if (!known.isGone) return known;
    loading ??= program === undefined ? jsonataProgram(limits) : Promise.resolve(program);
    const loaded = await loading;
    if (isClosed) throw new Error("closed");
    return startEvaluatorProcess(loaded, limits);
  }

  function keep(evaluator: EvaluatorProcess): void {
    idle.push(evaluator);
    if (idleTimer !== null) clearTimeout(idleTimer);
    idleTimer = setTimeout(() => {
      for (const each of idle.splice(0)) endLater(each);
    }, limits.idleMs);
    idleTimer.unref();
  }

  function endLater(evaluator: EvaluatorProcess): void {
    const end = evaluator.end().finally(() => ending.delete(end));
    ending.add(end);
  }

  return {
    evaluate: async ({ destination, expression, document }: Asked): Promise<Evaluated> => {
      const marks = marksFor(document);
      const input = marks === null ? null : writeMarked(document, marks);
      if (marks === null || input === null || Buffer.byteLength(input) > expressionBytesMax)
        return { kind: "too_large" };
      const answer = await ask(destination, { expression, input });
      if (answer.kind !== "value") return answer.kind === "too_much" ? tooMuch : answer;
      const value: unknown = answer.json === null ? null : JSON.parse(answer.json);
      return typeof value === "object" && value !== null
        ? { kind: "value", value: withoutMarks(value, marks) }
        : { kind: "nothing" };
    },
    async reject(expression) {
      const answer = await ask("", { expression, input: null });
      return answer.kind === "unreadable" ? `${answer.detail} (${answer.code})` : null;
    },
    get pids() {
      return [...idle, ...busy.values()].flatMap((each) => (each?.isGone === false ? (each.pid ?? []) : []));
    },
    async close() {
      isClosed = true;
      if (idleTimer !== null) clearTimeout(idleTimer);
      for (const { done } of waiting.splice(0)) done({ kind: "closed" });
      for (const each of [...idle.splice(0), ...busy.values()]) if (each !== null) endLater(each);
      await Promise.all(ending);
    },
  };
}

const tooMuch: Evaluated = { kind: "stopped", why: "output" };
