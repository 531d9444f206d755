// What the server makes of a map on a lead, as one types.
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { writeExactly } from "../../src/domain/values/exact-json.ts";
import { useLanguage } from "../language/language.tsx";
import { bodyOf } from "./map-sample.tsx";
import type { Sample } from "./map-sample.tsx";

const typingMs = 300;

interface Asked<Preview> {
  /** `["map-preview", "website"]` */
  readonly key: readonly string[];
  /** As JSON; null: nothing can be asked. `last`: what was shown last. */
  readonly order: (last: Preview | null) => string | null;
  readonly ask: (json: string, signal: AbortSignal) => Promise<Preview>;
}

/** While something is wrong, the last that was right stays. */
export function useMapPreview<Preview>({ key, order, ask }: Asked<Preview>): {
  readonly preview: Preview | null;
  readonly error: Error | null;
} {
  const { language } = useLanguage();
  const [last, setLast] = useState<Preview | null>(null);
  const [json] = useDebouncedValue(order(last), typingMs);
  const query = useQuery({
    queryKey: [...key, json, language],
    queryFn: ({ signal }) => ask(json ?? "{}", signal),
    enabled: json !== null,
    retry: false,
  });
  const { data } = query;
  if (data !== undefined && data !== last) setLast(() => data);
  return { preview: last, error: query.error };
}

/** The rules with what they are tried on. `source`: of a lead that is shown, by whose rules it is read. null: what was pasted cannot be read. */
export function orderOf(sample: Sample, rules: object, source: string | null = null): string | null {
  switch (sample.kind) {
    case "newest":
      return writeExactly(rules);
    case "stored":
      return writeExactly({ ...rules, run_id: sample.runId });
    case "shown":
    case "pasted": {
      const body = bodyOf(sample.json);
      const from = sample.kind === "shown" && source !== null ? { source } : {};
      return body === null ? null : `${writeExactly({ ...rules, ...from }).slice(0, -1)},"body":${body}}`;
    }
  }
}
