// What error codes mean, in the reader's language, as GET /error-codes explains them.
import { useQuery } from "@tanstack/react-query";
import { useLanguage } from "../language/language.tsx";
import { get } from "./client.ts";

export interface ErrorText {
  readonly code: string;
  /** Without a full stop. */
  readonly title: string;
  readonly todo: string;
}

/** null: not known (yet). */
export function useErrorTexts(): (code: string | null) => ErrorText | null {
  const { language } = useLanguage();
  const texts = useQuery({
    queryKey: ["error-codes", language],
    queryFn: async () => {
      const { items } = await get<{ readonly items: readonly ErrorText[] }>("/error-codes");
      return new Map(items.map((item) => [item.code, item]));
    },
    staleTime: Infinity,
  });
  return (code) => (code === null ? null : (texts.data?.get(code) ?? null));
}
