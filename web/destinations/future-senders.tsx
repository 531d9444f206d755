// Which sources will send to a destination that is about to be added: those of its client that send to all.
import { Alert, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useTexts } from "../language/language.tsx";

const sourcesMax = 500;

/** `client`: as typed; "": no client's. */
export function FutureSenders({ client }: { readonly client: string }) {
  const text = useTexts(texts);
  const sources = useQuery({
    queryKey: ["sources", "names"],
    queryFn: ({ signal }) => call("GET /sources", { query: { enabled: true, limit: sourcesMax }, signal }),
  });
  if (sources.data === undefined) return null;
  const senders = sources.data.items.filter((each) => each.to === null && (each.client ?? "") === client);
  if (senders.length === 0) return <Text size="sm">{text.nobody}</Text>;
  return (
    <Alert color="blue" title={text.title(senders.length)}>
      {senders.map(({ name, label }) => label ?? name).join(", ")}
    </Alert>
  );
}

const texts = {
  de: {
    title: (count: number) =>
      count === 1
        ? "Leads dieser Quelle gehen ab dann auch hierhin"
        : `Leads dieser ${String(count)} Quellen gehen ab dann auch hierhin`,
    nobody:
      "Noch sendet keine Quelle hierhin. Welche es soll, wählen Sie danach in den Einstellungen der Quelle.",
  },
  en: {
    title: (count: number) =>
      count === 1
        ? "Leads of this source will go here, too"
        : `Leads of these ${String(count)} sources will go here, too`,
    nobody: "No source sends here yet. Choose which one shall in the settings of the source, afterwards.",
  },
};
