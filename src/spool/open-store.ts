// Opens this process's spool in the data folder, with what an earlier one or a dead node left in it.
import { join } from "node:path";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import type { DataFolderLock } from "../runtime/data-folder.ts";
import { createSpool } from "./spool.ts";
import type { SpoolLimits } from "./spool.ts";
import { claimSpoolFolder, setAsideFolder, takeOverForsaken } from "./spool-folder.ts";
import { createStoreAndForward } from "./store-and-forward.ts";
import type { StoreAndForward } from "./store-and-forward.ts";

export interface OpenStore {
  readonly store: StoreAndForward;
  /** Takes over what processes that are gone left in the same data folder; called again and again. */
  takeOver(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly dataDir: string;
  /** 32 bytes. */
  readonly key: Buffer;
  /** The root key's, 16 hex digits. */
  readonly fingerprint: string;
  readonly limits?: SpoolLimits;
  readonly log: Log;
}

/** null: the folder cannot be used; the log says why. */
export async function openStore({ dataDir, log, ...options }: StoreOptions): Promise<OpenStore | null> {
  let folder: DataFolderLock | null = null;
  try {
    folder = await claimSpoolFolder(dataDir);
    const claimed = folder;
    const spool = createSpool({ ...options, folder: claimed.path, setAside: setAsideFolder(dataDir), log });
    const store = createStoreAndForward(spool, log);
    const takeOver = async (): Promise<void> => {
      try {
        const segments = await takeOverForsaken(dataDir, claimed.path);
        if (segments > 0) log("warn", "spool_taken_over", { segments });
      } finally {
        // Also what was moved before something else could not be.
        await store.adopt();
      }
    };
    // What others left may wait; without a spool of its own this node would refuse leads.
    await takeOver().catch((error: unknown) =>
      log("error", "spool_not_taken_over", { error: errorText(error) }),
    );
    const { records, bytes } = store.depth;
    if (records > 0) log("warn", "spool_waiting", { folder: claimed.path, records, bytes });
    return {
      store,
      takeOver,
      async close() {
        await store.close();
        await claimed.release();
      },
    };
  } catch (error) {
    log("error", "spool_unusable", { folder: join(dataDir, "spool"), error: errorText(error) });
    await folder?.release();
    return null;
  }
}
