// Which alarms are told, and after what time; on demand, because the rules are on from the start.
import { Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { spokenQuantity } from "../language/quantity.ts";
import { Card } from "../ui/card.tsx";
import { QueryState } from "../ui/query-state.tsx";

export function Rules() {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const { count } = useFormat();
  const spoken = (duration: string) => spokenQuantity(duration, language, count);
  const rules = useQuery({
    queryKey: ["alerts", "rules"],
    queryFn: ({ signal }) => call("GET /alert-rules", { signal }),
  });
  return (
    <Card title={text.title}>
      <Text size="sm" mb="sm">
        {text.explanation}
      </Text>
      <QueryState query={rules} loadingRows={6}>
        {({ items }) => (
          <details>
            <summary>{text.show}</summary>
            <Table.ScrollContainer minWidth={560}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{text.alarm}</Table.Th>
                    <Table.Th>{text.error}</Table.Th>
                    <Table.Th>{text.warning}</Table.Th>
                    <Table.Th>{text.over}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((rule) => (
                    <Table.Tr key={rule.code}>
                      <Table.Td>
                        {rule.title}
                        <Text size="xs" c="dimmed">
                          {rule.code}
                          {rule.is_changed ? ` · ${text.changed}` : ""}
                        </Text>
                      </Table.Td>
                      <Table.Td>{rule.notify ? spoken(rule.for) : text.never}</Table.Td>
                      <Table.Td>{rule.notify ? spoken(rule.for_warnings) : text.never}</Table.Td>
                      <Table.Td>{spoken(rule.clear_after)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </details>
        )}
      </QueryState>
    </Card>
  );
}

const texts = {
  de: {
    title: "Regeln",
    explanation:
      "Jeder Alarm hat von Anfang an eine Regel. Eine andere legen Sie in leadledger.yaml (alerts: rules:) oder über die API fest.",
    show: "Alle Regeln zeigen",
    alarm: "Alarm",
    error: "Fehler nach",
    warning: "Warnung nach",
    over: "Vorbei nach",
    never: "nie",
    changed: "geändert",
  },
  en: {
    title: "Rules",
    explanation:
      "Every alarm has a rule from the start. Others are said in leadledger.yaml (alerts: rules:) or by the API.",
    show: "Show all rules",
    alarm: "Alarm",
    error: "Error after",
    warning: "Warning after",
    over: "Over after",
    never: "never",
    changed: "changed",
  },
};
