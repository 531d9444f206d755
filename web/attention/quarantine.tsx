// What was not accepted and is kept aside: a list, newest first.
import { Anchor, Stack, Text } from "@mantine/core";
import { Link, useSearchParams } from "wouter";
import { useErrorTexts } from "../ui/error-texts.ts";
import { useList } from "../api/list.ts";
import { useTexts } from "../language/language.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Empty } from "../ui/empty.tsx";
import { ListState } from "../ui/list-state.tsx";
import { Page } from "../ui/page.tsx";
import { Time } from "../ui/time.tsx";
import { useSourceName } from "../ui/source-name.ts";

export default function Quarantine() {
  const text = useTexts(texts);
  const explain = useErrorTexts();
  const sourceName = useSourceName();
  const [query] = useSearchParams();
  const source = query.get("source") ?? undefined;
  const list = useList("quarantine", "GET /quarantine", { source });
  return (
    <Page
      title={text.title}
      explanation={text.explanation}
      actions={
        <Anchor component={Link} href="/attention">
          {text.cases}
        </Anchor>
      }
    >
      <ListState list={list} empty={<Empty title={text.none} explanation={text.noneWhy} />}>
        {(items) => (
          <Stack>
            {source === undefined ? null : <Text size="sm">{text.only(sourceName(source))}</Text>}
            <DataTable
              caption={text.title}
              rows={items}
              keyOf={({ quarantine_id: id }) => id}
              columns={[
                {
                  name: text.came,
                  isRowHeader: true,
                  cell: ({ quarantine_id: id, received_at: at }) => (
                    <Anchor component={Link} href={`/attention/quarantine/${id}`} underline="always">
                      <Time iso={at} />
                    </Anchor>
                  ),
                },
                { name: text.source, cell: (item) => sourceName(item.source) },
                { name: text.why, cell: (item) => explain(item.error_code)?.title ?? item.error_code },
              ]}
            />
          </Stack>
        )}
      </ListState>
    </Page>
  );
}

const texts = {
  de: {
    title: "Nicht angenommen, aufbewahrt",
    explanation:
      "Anfragen, aus denen keine Leads wurden: Es fehlt ein Kennzeichen, das Format stimmt nicht, sie sind zu groß, oder sie sehen nach Spam aus. Je Quelle sind es höchstens 1.000, sieben Tage lang.",
    cases: "Klärfälle",
    none: "Nichts aufbewahrt",
    noneWhy: "Was abgewiesen wird und einen Lead enthalten kann, steht hier sieben Tage lang.",
    only: (source: string) => `Nur von „${source}“.`,
    came: "Kam",
    source: "Quelle",
    why: "Warum nicht angenommen",
  },
  en: {
    title: "Not accepted, kept aside",
    explanation:
      "Requests that did not become leads: a key is missing, the format is wrong, they are too large, or they look like spam. At most 1,000 of each source, for seven days.",
    cases: "Needs attention",
    none: "Nothing is kept aside",
    noneWhy: "What is turned away and may hold a lead stands here for seven days.",
    only: (source: string) => `Only from “${source}”.`,
    came: "Came",
    source: "Source",
    why: "Why it was not accepted",
  },
};
