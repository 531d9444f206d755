// One case as the server has it now, with the mark that says which state of it one has seen.
import { useQuery } from "@tanstack/react-query";
import { callWithEtag } from "../api/client.ts";
import type { Answered } from "../api/client.ts";
import type { ShownEntry } from "../api/types.ts";

/** Masked; kept fresh by live events. */
export function useEntry(id: string) {
  return useQuery({
    queryKey: ["entry", id],
    queryFn: ({ signal }) => callWithEtag("GET /dlq/:dlq_id", { params: { dlq_id: id }, signal }),
  });
}

/** In full; that it was shown is recorded, so it is asked for when somebody wants it and never by itself. */
export function readUnmasked(id: string): Promise<Answered<ShownEntry>> {
  return callWithEtag("GET /dlq/:dlq_id", { params: { dlq_id: id }, query: { reveal: true } });
}
