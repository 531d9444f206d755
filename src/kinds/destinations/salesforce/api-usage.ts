// How much of its 24 hours' calls an org has used, by the header that stands in every answer (`Sforce-Limit-Info:
// api-usage=18/5000`). The calls are shared by everything that speaks with the org: when few are left, leads go out one by
// one, so that neither they nor the others stand still.
import { failure } from "../../../domain/destinations/outcome.ts";
import type { Failed } from "../../../domain/destinations/outcome.ts";

const scarceShare = 0.95;
const scarcePauseMs = 60_000;

export interface ApiUsage {
  /** Why no lead is sent now; null: one may be. */
  hold(): Failed | null;
  /** `info`: the header; null: it was not there. */
  note(info: string | null): void;
}

export function watchApiUsage(name: string, nowMs: () => number): ApiUsage {
  let scarceAtMs = -Infinity;
  return {
    hold() {
      const waitMs = scarceAtMs + scarcePauseMs - nowMs();
      if (waitMs <= 0) return null;
      const why = `${name} has used nearly all of the calls that it allows in 24 hours: leads go out one a minute`;
      return { ...failure("destination_throttled", why), retryAfterMs: waitMs };
    },
    note(info) {
      const [, used, allowed] = /api-usage=(\d{1,12})\/(\d{1,12})/.exec(info ?? "") ?? [];
      if (allowed !== undefined && Number(used) >= Number(allowed) * scarceShare) scarceAtMs = nowMs();
    },
  };
}
