// What codes mean, in the reader's language; that changes with the program alone.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useLanguage } from "../language/language.tsx";
import { call } from "../api/client.ts";
import type { ErrorExplanation } from "../api/types.ts";

export function useErrorExplanations() {
  const { language } = useLanguage();
  return useQuery({
    queryKey: ["error-codes", language],
    queryFn: () => call("GET /error-codes"),
    staleTime: Infinity,
  });
}

/** null: not known (yet). */
export function useErrorTexts(): (code: string | null) => ErrorExplanation | null {
  const items = useErrorExplanations().data?.items;
  const byCode = useMemo(() => new Map(items?.map((item) => [item.code, item])), [items]);
  return (code) => (code === null ? null : (byCode.get(code) ?? null));
}
