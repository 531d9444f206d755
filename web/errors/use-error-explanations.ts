// All explanations, in the reader's language; they change with the program alone.
import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client.ts";
import type { ErrorExplanation } from "../api/types.ts";
import { useLanguage } from "../language/language.tsx";

export function useErrorExplanations() {
  const { language } = useLanguage();
  return useQuery({
    queryKey: ["error-codes", language],
    queryFn: () => get<{ readonly items: readonly ErrorExplanation[] }>("/error-codes"),
    staleTime: Infinity,
  });
}
