// Asks a source's vendor whether leads will come and can be fetched; nothing is changed there.
import { declaredOf } from "../../config/declared-kind.ts";
import type { Source } from "../../domain/sources/source.ts";
import type { CheckedItem } from "./completion/vendor-check.ts";
import { openVendorInterface } from "./completion/vendor-interface.ts";
import type { SourceKind } from "./source-kind.ts";

/** null: there is nobody to ask for this kind. */
export async function checkSource(
  kinds: readonly SourceKind[],
  { auth }: Source,
): Promise<readonly CheckedItem[] | null> {
  const check = declaredOf(kinds, auth.kind)?.vendorCheck;
  if (check === undefined) return null;
  const vendor = openVendorInterface(check.reach(auth), {
    concurrency: 1,
    env: process.env,
    stopping: new AbortController().signal,
  });
  try {
    return await check.ask(auth, vendor.get);
  } finally {
    await vendor.close();
  }
}
