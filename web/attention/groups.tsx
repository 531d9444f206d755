// Cases by cause: what went wrong, how often, and what can be done about all of it at once.
import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { call } from "../api/client.ts";
import { useErrorTexts } from "../ui/error-texts.ts";
import type { EntryGroup } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import type { CaseCount } from "../ui/case-count.ts";
import { useCaseCount } from "../ui/case-count.ts";
import { Card } from "../ui/card.tsx";
import { Empty } from "../ui/empty.tsx";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { State } from "../ui/state.tsx";
import { Time } from "../ui/time.tsx";
import { BulkActions } from "./bulk-actions.tsx";
import { isUnrouted, useHeadline, WhatHappened, WhatToDo } from "./cause.tsx";
import { entriesPath } from "./entry-filter.ts";
import { OperationsAtWork } from "./operations.tsx";
import { QuarantineNotice } from "./quarantine-notice.tsx";

export default function Groups() {
  const text = useTexts(texts);
  const told = useCaseCount();
  const groups = useQuery({
    queryKey: ["groups"],
    queryFn: () => call("GET /dlq/groups"),
  });
  return (
    <Page
      title={text.title}
      explanation={text.explanation}
      actions={
        <>
          <Anchor component={Link} href="/attention/entries">
            {text.allEntries}
          </Anchor>
          <Anchor component={Link} href="/attention/quarantine">
            {text.quarantine}
          </Anchor>
          <Anchor component={Link} href="/attention/operations">
            {text.operations}
          </Anchor>
        </>
      }
    >
      <OperationsAtWork />
      <QuarantineNotice />
      <QueryState query={groups} loadingRows={10}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={text.none} explanation={text.noneWhy} />
          ) : (
            <Stack>
              <Text fw={550}>{told(countOf(items))}</Text>
              {items.map((group) => (
                <GroupCard
                  key={JSON.stringify(group.filter)}
                  group={group}
                  isAlike={items.some((other) => other !== group && looksAlike(other, group))}
                />
              ))}
            </Stack>
          )
        }
      </QueryState>
    </Page>
  );
}

function countOf(groups: readonly EntryGroup[]): CaseCount {
  const open = groups.reduce((sum, { count }) => sum + count, 0);
  const forPerson = groups.reduce((sum, group) => sum + group.need_decision, 0);
  return { need_decision: forPerson, retrying: open - forPerson };
}

/** Their headlines would be the same. */
function looksAlike(one: EntryGroup, other: EntryGroup): boolean {
  return (
    one.kind === other.kind &&
    one.count === other.count &&
    (one.destination ?? one.source) === (other.destination ?? other.source)
  );
}

interface GroupCardProps {
  readonly group: EntryGroup;
  /** Another group differs in its cause alone, so the headline names it. */
  readonly isAlike: boolean;
}

function GroupCard({ group, isAlike }: GroupCardProps) {
  const text = useTexts(texts);
  const cause = useErrorTexts()(group.error_code)?.title ?? group.error_code ?? group.reason;
  const said = useHeadline()(group, group.count);
  const headline = isAlike ? `${said}: ${cause}` : said;
  const { shortTime } = useFormat();
  const { count, need_decision: undecided, next_retry_at: nextAt, since, until } = group;
  return (
    <Card title={headline}>
      <Stack gap="sm">
        <Standing group={group} />
        <WhatHappened code={group.error_code} reason={group.reason} />
        <WhatToDo cause={group} heals={nextAt !== null} needsDecision={undecided > 0} />
        <Text size="sm" c="dimmed">
          {text.since} <Time iso={since} />
          {shortTime(since) === shortTime(until) ? null : (
            <>
              {text.lastly} <Time iso={until} />
            </>
          )}
        </Text>
        <Group gap="xs">
          <BulkActions
            filter={group.filter}
            kind={group.kind}
            areUnrouted={isUnrouted(group)}
            isAll={count > 1}
            about={headline}
          >
            <Button
              component={Link}
              href={entriesPath(group.filter) ?? "/attention/entries"}
              variant="default"
              aria-label={`${text.show}: ${headline}`}
            >
              {text.show}
            </Button>
          </BulkActions>
        </Group>
      </Stack>
    </Card>
  );
}

/** Whether it heals itself or waits for a person; some of a group may do the one and some the other. */
function Standing({ group }: { readonly group: EntryGroup }) {
  const text = useTexts(texts);
  const { shortTime } = useFormat();
  const told = useCaseCount();
  const { need_decision: forPerson, next_retry_at: nextAt } = group;
  const healing = group.count - forPerson;
  return (
    <Group gap="lg">
      {forPerson === 0 ? null : <State tone="bad">{told({ need_decision: forPerson, retrying: 0 })}</State>}
      {healing === 0 ? null : (
        <State tone="healing">
          {told({ need_decision: 0, retrying: healing })}
          {nextAt === null ? text.now : text.next(shortTime(nextAt))}
        </State>
      )}
    </Group>
  );
}

const texts = {
  de: {
    title: "Klärfälle",
    explanation:
      "Was nicht zugestellt oder nicht gelesen werden konnte, nach Ursache. Verloren ist davon nichts.",
    allEntries: "Alle einzeln",
    quarantine: "Nicht angenommen, aufbewahrt",
    operations: "Sammelaktionen",
    none: "Keine Klärfälle",
    noneWhy: "Alles, was ankam, ist zugestellt oder auf dem Weg.",
    show: "Einzeln ansehen",
    since: "Seit",
    lastly: ", zuletzt",
    next: (at: string) => `, nächster Versuch ${at}`,
    now: ", gerade jetzt",
  },
  en: {
    title: "Needs attention",
    explanation: "What could not be delivered or not be read, by cause. Nothing of it is lost.",
    allEntries: "All one by one",
    quarantine: "Not accepted, kept aside",
    operations: "Bulk actions",
    none: "Nothing needs attention",
    noneWhy: "Everything that arrived is delivered or on its way.",
    show: "One by one",
    since: "Since",
    lastly: ", last",
    next: (at: string) => `, next attempt ${at}`,
    now: ", right now",
  },
};
