// Reads a file as UTF-8 text, with every way it can fail as a value.

/** `node:fs/promises.readFile` fits; rejects with an error that has a `code` as Node's do. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

export type FileText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  | { readonly kind: "unreadable"; readonly reason: string }
  | { readonly kind: "too_large"; readonly limitBytes: number }
  | { readonly kind: "not_utf8" };

export const fileLimitBytes = 1024 * 1024;

/** A byte order mark at the start is dropped. Throws nothing. */
export async function readTextFile(path: string, readFile: ReadFile): Promise<FileText> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const reason = errorCode(error);
    return reason === "ENOENT" || reason === "ENOTDIR" ? { kind: "missing" } : { kind: "unreadable", reason };
  }
  if (bytes.byteLength > fileLimitBytes) return { kind: "too_large", limitBytes: fileLimitBytes };
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { kind: "not_utf8" };
  }
}

function errorCode(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.message : String(error);
}
