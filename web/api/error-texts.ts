// What error codes mean, in the reader's language.
import { useQuery } from "@tanstack/react-query";
import { useLanguage } from "../language/language.tsx";
import { get } from "./client.ts";
import type { ErrorExplanation } from "./types.ts";

/** null: not known (yet). */
export function useErrorTexts(): (code: string | null) => ErrorExplanation | null {
  const { language } = useLanguage();
  const texts = useQuery({
    queryKey: ["error-codes", language],
    queryFn: async () => {
      const { items } = await get<{ readonly items: readonly ErrorExplanation[] }>("/error-codes");
      return new Map(items.map((item) => [item.code, item]));
    },
    // They are the program's own: they change when it does.
    staleTime: Infinity,
  });
  return (code) => (code === null ? null : (texts.data?.get(code) ?? null));
}
