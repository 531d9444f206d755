// The columns of a list of cases.
import { Anchor, Text } from "@mantine/core";
import { Link } from "wouter";
import { useErrorTexts } from "../ui/error-texts.ts";
import type { Entry } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import type { Column } from "../ui/data-table.tsx";
import { Time } from "../ui/time.tsx";
import classes from "./attention.module.css";
import { EntryState } from "./entry-state.tsx";

export function useEntryColumns(): readonly Column<Entry>[] {
  const text = useTexts(texts);
  const { count } = useFormat();
  const explain = useErrorTexts();
  return [
    {
      name: text.entry,
      isRowHeader: true,
      cell: ({ dlq_id: id }) => (
        <Anchor
          component={Link}
          href={`/attention/${id}`}
          underline="always"
          className={classes.oneLine ?? ""}
        >
          {text.entryNumber(id)}
        </Anchor>
      ),
    },
    { name: text.state, cell: (entry) => <EntryState entry={entry} /> },
    {
      name: text.cause,
      cell: ({ error_code: code, reason }) => {
        const explained = explain(code);
        return explained === null ? (
          <Text size="sm" lang="en" lineClamp={2}>
            {reason}
          </Text>
        ) : (
          <Text size="sm" title={reason}>
            {explained.title}
          </Text>
        );
      },
    },
    { name: text.place, cell: ({ destination, source }) => destination ?? source ?? "–" },
    {
      name: text.lead,
      cell: ({ run_id: id }) =>
        id === null ? (
          "–"
        ) : (
          <Anchor
            component={Link}
            href={`/leads/${id}`}
            underline="always"
            aria-label={text.leadNumber(id.slice(-8))}
            title={id}
          >
            {id.slice(-8)}
          </Anchor>
        ),
    },
    { name: text.since, cell: ({ created_at: at }) => <Time iso={at} /> },
    { name: text.attempts, isNumber: true, cell: ({ retry_count: attempts }) => count(attempts) },
  ];
}

const texts = {
  de: {
    entry: "Klärfall",
    entryNumber: (id: number) => `Klärfall ${id}`,
    state: "Stand",
    cause: "Ursache",
    place: "Ziel oder Quelle",
    lead: "Lead",
    leadNumber: (id: string) => `Lead ${id}`,
    since: "Seit",
    attempts: "Weitere Versuche",
  },
  en: {
    entry: "Case",
    entryNumber: (id: number) => `Case ${id}`,
    state: "State",
    cause: "Cause",
    place: "Destination or source",
    lead: "Lead",
    leadNumber: (id: string) => `Lead ${id}`,
    since: "Since",
    attempts: "Further attempts",
  },
};
