// What is known of sources and destinations, and what may be done to one.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, callWithEtag } from "../api/client.ts";
import type { Answer, Answered } from "../api/client.ts";
import type { Remark } from "../api/types.ts";
import { useLanguage } from "../language/language.tsx";
import type { PartKind, Parts } from "./part-kind.ts";

const activityEveryMs = 10_000;
/** While the first lead of a source is awaited. */
const awaitedEveryMs = 2_000;

/** With the version that a change is meant for. */
export function usePart<Kind extends PartKind>(kind: Kind, name: string) {
  const any: PartKind = kind;
  return useQuery({
    queryKey: [kind, "one", name],
    queryFn: async ({ signal }) =>
      (await callWithEtag(`GET /${any}/:name`, { params: { name }, signal })) as Answered<Parts[Kind]>,
  });
}

/** `awaited`: a source whose first lead somebody may be waiting for. */
export function useActivity(awaited?: string) {
  return useQuery({
    queryKey: ["activity"],
    queryFn: ({ signal }) => call("GET /activity", { signal }),
    // Requests that are refused are no events that everybody may hear of.
    refetchInterval: ({ state: { data } }) => {
      const source = data?.sources.find((each) => each.source === awaited);
      return source?.last_received_at === null ? awaitedEveryMs : activityEveryMs;
    },
  });
}

export function useForms() {
  const { language } = useLanguage();
  return useQuery({
    queryKey: ["forms", language],
    queryFn: ({ signal }) => call("GET /forms", { signal }),
    staleTime: Infinity,
  });
}

/** What a change brought that is told once: a secret made just now, and what the server found remarkable. */
export interface Fresh {
  readonly secret: string | null;
  readonly warnings: readonly Remark[];
}

export type PartChange = { readonly ifMatch?: string | null } & (
  | { readonly does: "change"; readonly json: string }
  | { readonly does: "rotate-secret"; readonly body: { readonly overlap: string } }
  | { readonly does: "remove" | "pause" | "resume" | "take-over" }
);

/** Changes a part; what is shown of it is the server's answer at once. */
export function useChangePart(kind: PartKind, name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: PartChange) => callFor(kind, name, change),
    // Pausing says nothing of a secret that was made before: it stays to be copied.
    onSuccess: (answered, { does }) => rememberChange(answered, does !== "change" && does !== "remove"),
  });

  function rememberChange({ body, etag }: Answered<Changed>, keepsSecret: boolean): void {
    const { secret, warnings, ...item } = body;
    queries.setQueryData([kind, "one", name], { body: item, etag });
    const before = queries.getQueryData<Fresh | null>(freshKey(kind, name));
    const kept = keepsSecret ? (before?.secret ?? null) : null;
    setFresh(queries, kind, name, { secret: secret ?? kept, warnings });
    void queries.invalidateQueries({ queryKey: [kind] });
    void queries.invalidateQueries({ queryKey: ["activity"] });
    void queries.invalidateQueries({ queryKey: ["samples"] });
  }
}

type Changed = Answer<"PATCH /sources/:name"> | Answer<"PATCH /destinations/:name">;

function callFor(kind: PartKind, name: string, change: PartChange): Promise<Answered<Changed>> {
  const said = { params: { name }, ifMatch: change.ifMatch ?? null };
  switch (change.does) {
    case "change":
      return callWithEtag(`PATCH /${kind}/:name`, { ...said, json: change.json });
    case "rotate-secret":
      return callWithEtag(`POST /${kind}/:name/rotate-secret`, { ...said, body: change.body });
    case "remove":
      return callWithEtag(`DELETE /${kind}/:name`, said);
    case "pause":
    case "resume":
    case "take-over":
      return callWithEtag(`POST /${kind}/:name/${change.does}`, said);
  }
}

/** `json`: the part as POST takes it. */
export function useAddPart(kind: PartKind) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (json: string) => call(`POST /${kind}`, { json }),
    onSuccess: ({ secret, warnings, name }) => {
      setFresh(queries, kind, name, { secret: secret ?? null, warnings });
      void queries.invalidateQueries({ queryKey: [kind] });
      void queries.invalidateQueries({ queryKey: ["activity"] });
    },
  });
}

/** In memory alone, and forgotten when one signs out: the address and the history must not hold a secret. */
export function useFresh(
  kind: PartKind,
  name: string,
): readonly [Fresh | null, (fresh: Fresh | null) => void] {
  const queries = useQueryClient();
  const { data = null } = useQuery<Fresh | null>({
    queryKey: freshKey(kind, name),
    queryFn: () => null,
    staleTime: Infinity,
    enabled: false,
  });
  return [data, (fresh) => setFresh(queries, kind, name, fresh)];
}

function setFresh(
  queries: ReturnType<typeof useQueryClient>,
  kind: PartKind,
  name: string,
  fresh: Fresh | null,
): void {
  const isNothing = fresh === null || (fresh.secret === null && fresh.warnings.length === 0);
  queries.setQueryData(freshKey(kind, name), isNothing ? null : fresh);
}

function freshKey(kind: PartKind, name: string): readonly string[] {
  return ["fresh", kind, name];
}
