// Statements for many rows of which the database may refuse one: the others go on without it.
import { databaseTrouble } from "./postgres-error.ts";

/**
 * Does `work` for all items in one go; where that fails with an error that may be about one of them, for each half by
 * itself, until what fails stands alone and goes to `onRefused`. Rejects with any other error, at once: then no item is
 * to blame, and those whose turn had not come were not tried.
 */
export async function bisectBatch<Item>(
  items: readonly Item[],
  work: (part: readonly Item[]) => Promise<void>,
  onRefused: (item: Item, error: unknown) => Promise<void> | void,
  mayBlameOne: (error: unknown) => boolean = isRefused,
): Promise<void> {
  if (items.length === 0) return;
  try {
    await work(items);
  } catch (error) {
    if (!mayBlameOne(error)) throw error;
    if (items.length === 1) {
      for (const item of items) await onRefused(item, error);
      return;
    }
    const half = items.length >> 1;
    await bisectBatch(items.slice(0, half), work, onRefused, mayBlameOne);
    await bisectBatch(items.slice(half), work, onRefused, mayBlameOne);
  }
}

function isRefused(error: unknown): boolean {
  return databaseTrouble(error) === "refused";
}
