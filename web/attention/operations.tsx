// Bulk actions, the newest first; those under way also stand at the top of the cases.
import { Anchor, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { call } from "../api/client.ts";
import { useList } from "../api/list.ts";
import { actorName } from "../language/actor-name.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Empty } from "../ui/empty.tsx";
import { ListState } from "../ui/list-state.tsx";
import { Page } from "../ui/page.tsx";
import { State } from "../ui/state.tsx";
import { useOperationStateWords } from "../ui/state-words.ts";
import { Time } from "../ui/time.tsx";
import { OperationProgress, pollMs } from "./operation-progress.tsx";
import { actionName, operationTexts, toneOf } from "./operation-words.ts";

export default function Operations() {
  const text = useTexts(texts);
  const words = useTexts(operationTexts);
  const stateWords = useOperationStateWords();
  const { language } = useLanguage();
  const { count } = useFormat();
  const list = useList("operations", "GET /operations");
  return (
    <Page
      title={text.title}
      explanation={text.explanation}
      actions={
        <Anchor component={Link} href="/attention">
          {text.attention}
        </Anchor>
      }
    >
      <ListState list={list} empty={<Empty title={text.none} explanation={text.noneWhy} />}>
        {(operations) => (
          <DataTable
            caption={text.title}
            rows={operations}
            keyOf={({ operation_id: id }) => id}
            columns={[
              {
                name: text.what,
                isRowHeader: true,
                cell: ({ operation_id: id, action }) => (
                  <Anchor component={Link} href={`/attention/operations/${id}`} underline="always">
                    {actionName(words, action)}
                  </Anchor>
                ),
              },
              {
                name: text.status,
                cell: (operation) => <State tone={toneOf(operation)}>{stateWords(operation.status)}</State>,
              },
              { name: text.done, isNumber: true, cell: ({ done }) => count(done) },
              {
                name: text.notDone,
                isNumber: true,
                cell: ({ skipped, failed }) => count(skipped + failed),
              },
              { name: text.created, cell: ({ created_at: at }) => <Time iso={at} /> },
              { name: text.actor, cell: ({ actor, actor_name: name }) => actorName(actor, language, name) },
              { name: text.reason, cell: ({ reason }) => reason },
            ]}
          />
        )}
      </ListState>
    </Page>
  );
}

/** Nothing where none is under way. */
export function OperationsAtWork() {
  const text = useTexts(texts);
  const words = useTexts(operationTexts);
  const running = useQuery({
    queryKey: ["operations", "at-work"],
    queryFn: async () => {
      const query = { status: ["pending", "running", "paused"], limit: 5 } as const;
      return (await call("GET /operations", { query })).items;
    },
    refetchInterval: ({ state }) => (state.data !== undefined && state.data.length > 0 ? pollMs : false),
  });
  if (running.data === undefined || running.data.length === 0) return null;
  return (
    <Card title={text.atWork}>
      <Stack gap="lg">
        {running.data.map((operation) => (
          <div key={operation.operation_id}>
            <Anchor
              component={Link}
              href={`/attention/operations/${operation.operation_id}`}
              underline="always"
              fw={550}
            >
              {actionName(words, operation.action)}
            </Anchor>
            <Text size="sm" c="dimmed" mb={4}>
              {operation.reason}
            </Text>
            <OperationProgress operation={operation} />
          </div>
        ))}
      </Stack>
    </Card>
  );
}

const texts = {
  de: {
    title: "Sammelaktionen",
    explanation: "Was mit vielen Klärfällen auf einmal getan wurde, die neueste zuerst.",
    attention: "Klärfälle",
    atWork: "Sammelaktionen, die gerade laufen",
    none: "Noch keine Sammelaktionen",
    noneWhy:
      "Wählen Sie unter „Klärfälle“ eine Ursache und stellen Sie alle erneut zu: Dann steht hier, was daraus wurde.",
    what: "Was",
    status: "Stand",
    done: "Geändert",
    notDone: "Übersprungen",
    created: "Beauftragt",
    actor: "Von",
    reason: "Begründung",
  },
  en: {
    title: "Bulk actions",
    explanation: "What was done to many cases at once, the newest first.",
    attention: "Needs attention",
    atWork: "Bulk actions under way",
    none: "No bulk actions yet",
    noneWhy:
      "Choose a cause under “Needs attention” and deliver all again: what became of it stands here then.",
    what: "What",
    status: "State",
    done: "Changed",
    notDone: "Skipped",
    created: "Ordered",
    actor: "By",
    reason: "Reason",
  },
};
