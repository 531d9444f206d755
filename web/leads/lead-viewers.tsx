// Who saw the person of this lead, for whoever may read the log.
import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ofKnown } from "../../src/domain/attention/state-words.ts";
import { call } from "../api/client.ts";
import { actorName } from "../language/actor-name.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { Time } from "../ui/time.tsx";

export function LeadViewers({ runId }: { readonly runId: string }) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const query = useQuery({
    queryKey: ["lead", runId, "viewers"],
    queryFn: ({ signal }) => call("GET /runs/:run_id/viewers", { params: { run_id: runId }, signal }),
    enabled: isOpen,
  });
  return (
    <Card title={text.title}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{text.show}</summary>
        {isOpen ? (
          <QueryState query={query} loadingRows={3}>
            {({ items, has_more: hasMore }) =>
              items.length === 0 ? (
                <Text size="sm">{text.nobody}</Text>
              ) : (
                <Stack gap="xs">
                  <DataTable
                    caption={text.title}
                    rows={items}
                    keyOf={({ viewer, shown, seen_at: at }) => `${viewer} ${shown} ${at}`}
                    columns={[
                      {
                        name: text.who,
                        isRowHeader: true,
                        cell: ({ viewer, viewer_name: name }) => actorName(viewer, language, name),
                      },
                      {
                        name: text.what,
                        cell: ({ shown }) =>
                          ofKnown<string>({ list: text.list, whole: text.whole }, shown, shown),
                      },
                      { name: text.when, cell: ({ seen_at: at }) => <Time iso={at} isFull /> },
                    ]}
                  />
                  {hasMore ? <Text size="sm">{text.more}</Text> : null}
                </Stack>
              )
            }
          </QueryState>
        ) : null}
      </details>
    </Card>
  );
}

const texts = {
  de: {
    title: "Wer die Personendaten gesehen hat",
    show: "Anzeigen",
    nobody: "Niemand.",
    who: "Wer",
    what: "Was",
    when: "Wann",
    list: "Name und Ort in einer Liste (in der Stunde ab dann)",
    whole: "alle Daten",
    more: "Es gibt ältere.",
  },
  en: {
    title: "Who saw the person's data",
    show: "Show",
    nobody: "Nobody.",
    who: "Who",
    what: "What",
    when: "When",
    list: "name and place in a list (in the hour from then on)",
    whole: "all data",
    more: "There are older ones.",
  },
};
