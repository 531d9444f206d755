// The address of a call of the API, made of its name: the same for the browser and the command line.

export type QueryValue = string | number | boolean | readonly (string | number)[] | null | undefined;

export interface CallParts {
  readonly params?: Readonly<Record<string, string | number>>;
  /** Members that are undefined or null are left out; lists are repeated. */
  readonly query?: Readonly<Record<string, QueryValue>>;
}

/** Of `GET /runs/:run_id` the method and `/runs/0199…?reveal=true`, below /api/v1. */
export function callAddress(
  name: string,
  { params = {}, query = {} }: CallParts,
): { readonly method: string; readonly path: string } {
  const [method = "", pattern = ""] = name.split(" ");
  const path = pattern.replaceAll(/:([a-z_]+)/g, (_, param: string) =>
    encodeURIComponent(String(params[param] ?? "")),
  );
  const search = new URLSearchParams();
  for (const [member, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    for (const each of typeof value === "object" ? value : [value]) search.append(member, String(each));
  }
  return { method, path: search.size === 0 ? path : `${path}?${search.toString()}` };
}
