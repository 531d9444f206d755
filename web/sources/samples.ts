// The address of a source, what may hinder senders from reaching it, and code that sends there.
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useLanguage } from "../language/language.tsx";

export function useSamples(name: string) {
  const { language } = useLanguage();
  return useQuery({
    queryKey: ["samples", name, language],
    queryFn: ({ signal }) => call("GET /sources/:name/samples", { params: { name }, signal }),
  });
}
