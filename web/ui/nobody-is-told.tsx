// What the overview says while nobody would hear of it if something went wrong.
import { Alert, Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { call } from "../api/client.ts";
import { useTexts } from "../language/language.tsx";

/** undefined: not known yet; null: it cannot be known now. */
export function useIsAnybodyTold(): boolean | null | undefined {
  const { data, isPending } = useQuery({
    queryKey: ["alerts", "raised"],
    queryFn: ({ signal }) => call("GET /alerts", { signal }),
  });
  return isPending ? undefined : (data?.is_anybody_told ?? null);
}

export function NobodyIsTold({ hasLink = true }: { readonly hasLink?: boolean }) {
  const text = useTexts(texts);
  if (useIsAnybodyTold() !== false) return null;
  return (
    <Alert color="orange" title={text.title}>
      {text.why}{" "}
      {hasLink ? (
        <Anchor component={Link} href="/alerts" underline="always" size="sm">
          {text.add}
        </Anchor>
      ) : null}
    </Alert>
  );
}

const texts = {
  de: {
    title: "Niemand wird benachrichtigt",
    why: "Wenn etwas nicht stimmt, erfährt es nur, wer hier nachsieht: Noch ist kein Empfänger bestätigt.",
    add: "Empfänger anlegen oder bestätigen",
  },
  en: {
    title: "Nobody is notified",
    why: "If something goes wrong, only those hear of it who look here: no recipient is confirmed yet.",
    add: "Add or confirm a recipient",
  },
};
