// What is known of sources and destinations, and what may be done to one.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get } from "../api/client.ts";
import type { Answered } from "../api/client.ts";
import type { Activity, ChangeRemarks, Forms, Remark } from "../api/types.ts";
import { useLanguage } from "../language/language.tsx";
import { pathOf } from "./part-kind.ts";
import type { Part, PartKind } from "./part-kind.ts";

const activityEveryMs = 10_000;

/** With the version that a change is meant for. */
export function usePart<Item extends Part>(kind: PartKind, name: string) {
  return useQuery({
    queryKey: [kind, "one", name],
    queryFn: ({ signal }) => call<Item>("GET", pathOf(kind, name), { signal }),
  });
}

export function useActivity() {
  return useQuery({
    queryKey: ["activity"],
    queryFn: ({ signal }) => get<Activity>("/activity", { signal }),
    // Requests that are refused are no events that everybody may hear of.
    refetchInterval: activityEveryMs,
  });
}

export function useForms() {
  const { language } = useLanguage();
  return useQuery({
    queryKey: ["forms", language],
    queryFn: ({ signal }) => get<Forms>("/forms", { signal }),
    staleTime: Infinity,
  });
}

/** What a change brought that is told once: a secret made just now, and what the server found remarkable. */
export interface Fresh {
  readonly secret: string | null;
  readonly warnings: readonly Remark[];
}

type PartAction = "pause" | "resume" | "rotate-secret" | "take-over";

export interface PartChange {
  readonly method: "POST" | "PATCH" | "DELETE";
  readonly action?: PartAction;
  readonly ifMatch?: string | null;
  readonly body?: unknown;
  /** A body that is JSON already. */
  readonly text?: string;
}

/** Changes a part; what is shown of it is the server's answer at once. */
export function useChangePart<Item extends Part>(kind: PartKind, name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ method, action, ...rest }: PartChange) =>
      call<Item & ChangeRemarks>(
        method,
        action === undefined ? pathOf(kind, name) : `${pathOf(kind, name)}/${action}`,
        rest,
      ),
    // Pausing says nothing of a secret that was made before: it stays to be copied.
    onSuccess: (answered, { method }) => rememberChange(kind, name, answered, method === "POST"),
  });

  function rememberChange(
    partKind: PartKind,
    partName: string,
    { body, etag }: Answered<Item & ChangeRemarks>,
    keepsSecret: boolean,
  ): void {
    const { secret, warnings, ...item } = body;
    queries.setQueryData([partKind, "one", partName], { body: item, etag });
    const before = queries.getQueryData<Fresh | null>(freshKey(partKind, partName));
    const kept = keepsSecret ? (before?.secret ?? null) : null;
    setFresh(queries, partKind, partName, { secret: secret ?? kept, warnings });
    void queries.invalidateQueries({ queryKey: [partKind] });
    void queries.invalidateQueries({ queryKey: ["activity"] });
    void queries.invalidateQueries({ queryKey: ["samples"] });
  }
}

export function useAddPart<Item extends Part>(kind: PartKind) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => call<Item & ChangeRemarks>("POST", `/${kind}`, { text }),
    onSuccess: ({ body: { secret, warnings, name } }) => {
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
