// A commit that the server reports as done although the standby it should wait for has not confirmed it: somebody
// cancelled the wait, or the server is being stopped or demoted. It is visible here, and may be gone after a failover.
import type { EventEmitter } from "node:events";

/** Its fate is unknown: whoever was about to acknowledge something because of this commit must not. */
export class CommitInDoubtError extends Error {
  readonly code = "commit_unconfirmed";

  /** `cause`: the answer that did not come, where that is why. */
  constructor(options?: { readonly cause: unknown }) {
    super(
      options === undefined
        ? "the standby has not confirmed the commit: the wait for it was cancelled"
        : "the commit was not finished in time: it waits for a standby, perhaps",
      options,
    );
  }
}

/** As pg passes on the server's NoticeResponse. */
interface Notice {
  readonly code?: string;
  readonly routine?: string;
  readonly message?: string;
}

/**
 * SyncRepWaitForLSN (src/backend/replication/syncrep.c) warns with 01000, the code of every plain warning, and before a
 * connection is ended with 57P01. The text is translated (`lc_messages`), the routine is not.
 */
export function tellsOfDoubt({ code, routine, message }: Notice): boolean {
  if (code === "57P01") return true;
  return (
    code === "01000" &&
    (routine === "SyncRepWaitForLSN" ||
      (routine === undefined && /synchronous replication/i.test(message ?? "")))
  );
}

export interface DoubtWatch {
  /** Whether a commit since the last time is in doubt. The warning comes before the statement's end. */
  take(): boolean;
}

/** `client`: a connection of pg. */
export function watchForDoubt(client: Pick<EventEmitter, "on">): DoubtWatch {
  let inDoubt = false;
  client.on("notice", (notice: Notice) => {
    if (tellsOfDoubt(notice)) inDoubt = true;
  });
  return {
    take() {
      const was = inDoubt;
      inDoubt = false;
      return was;
    },
  };
}
