// What a server has said of an attempt, in a sentence that is the same for all kinds without HTTP.
import { failure } from "../../domain/destinations/outcome.ts";
import type { FailureCode } from "../../domain/destinations/outcome.ts";
import { AttemptFailed, ConnectError, connectErrorOf } from "../../outgoing/connect-error.ts";

/** `detail`: the server's words, as far as they repeat nothing of the lead. */
export function verdict(code: FailureCode, name: string, detail: string): AttemptFailed {
  return new AttemptFailed(failure(code, `${name} ${verdicts[code] ?? "cannot take it now"}: ${detail}`));
}

const verdicts: Partial<Record<FailureCode, string>> = {
  destination_auth: "refuses the credentials",
  destination_configuration: "is not set up for this",
  destination_rejected: "does not want this lead as it is",
};

/** Rejects with what an error of `work` means by `meaningOf`; null: it is the network's matter. */
export async function understood<T>(
  work: () => Promise<T>,
  meaningOf: (error: unknown) => AttemptFailed | null,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AttemptFailed) throw error;
    throw meaningOf(error) ?? connectErrorOf(error) ?? error;
  }
}

/** For probes, which nobody else ends; `work` drops what is open when `over` is aborted. */
export async function within<T>(timeoutMs: number, work: (over: AbortSignal) => Promise<T>): Promise<T> {
  const over = AbortSignal.timeout(timeoutMs);
  try {
    return await work(over);
  } catch (error) {
    throw over.aborted ? new ConnectError("destination_timeout", "no answer", error) : error;
  }
}
