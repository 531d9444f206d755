// One destination: how it is doing, whether it can be reached, and what waits for it.
import { Anchor, Button, Stack, Text } from "@mantine/core";
import { IconListDetails } from "@tabler/icons-react";
import { Link, useParams } from "wouter";
import { useMay } from "../api/session.ts";
import type { Destination, DestinationActivity } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { FreshNotice } from "../sources-and-destinations/fresh-notice.tsx";
import classes from "../sources-and-destinations/managed-parts.module.css";
import { PartActions } from "../sources-and-destinations/part-actions.tsx";
import { pathOf } from "../sources-and-destinations/part-kind.ts";
import { PartNotes } from "../sources-and-destinations/part-notes.tsx";
import { useActivity, useForms, usePart } from "../sources-and-destinations/part-queries.ts";
import { SettingsList } from "../sources-and-destinations/settings-list.tsx";
import { TestLead } from "../sources-and-destinations/test-lead.tsx";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { FailureReason } from "../ui/failure-reason.tsx";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { Time } from "../ui/time.tsx";
import { belowOf } from "./known-answers.tsx";
import { DestinationHealth } from "./destination-health.tsx";
import { LeftAlone } from "./left-alone.tsx";
import { leadsLink, entriesLink } from "./links.ts";
import { Probe } from "./probe.tsx";
import { fieldsOf, storedOf } from "./stored-destination.ts";

export default function DestinationView() {
  const text = useTexts(texts);
  const { name = "" } = useParams();
  const part = usePart("destinations", name);
  const mayChange = useMay("configuration.write");
  const { body: destination, etag = null } = part.data ?? {};
  const isOurs = destination?.managed_by === "api" && destination.enabled && mayChange;
  return (
    <Page
      title={name}
      actions={
        destination?.enabled === true && destination.sends && mayChange ? (
          <>
            <Button
              component={Link}
              href={`${pathOf("destinations", name)}/fields`}
              variant="default"
              leftSection={<IconListDetails size={17} aria-hidden />}
            >
              {text.fields}
            </Button>
            {isOurs ? (
              <PartActions
                kind="destinations"
                part={destination}
                etag={etag}
                hasSecret={"secrets" in destination}
              />
            ) : null}
          </>
        ) : undefined
      }
    >
      <QueryState query={part} loadingRows={10}>
        {({ body }) => <DestinationStory destination={body} />}
      </QueryState>
    </Page>
  );
}

function DestinationStory({ destination }: { readonly destination: Destination }) {
  const { name, enabled, sends } = destination;
  const activity = useActivity().data?.destinations.find((each) => each.destination === name);
  const forms = useForms();
  const mayTest = useMay("configuration.write");
  const kind = forms.data?.destinations.find((each) => each.kind === destination.kind);
  return (
    <Stack gap="lg">
      <PartNotes kind="destinations" part={destination} />
      <FreshNotice kind="destinations" name={name} />
      <LeftAlone destination={destination} />
      <div className={classes.columns}>
        <div className={classes.first}>
          <Backlog destination={destination} activity={activity} />
        </div>
        {enabled && mayTest ? (
          <Stack gap="lg" className={classes.side}>
            {sends ? <Probe name={name} /> : null}
            <TestLead kind="destinations" name={name} trace={kind?.test_leaves ?? null} />
          </Stack>
        ) : null}
        <div className={classes.last}>
          <QueryState query={forms} loadingRows={8}>
            {(known) => (
              <SettingsList
                fields={fieldsOf(known, destination)}
                part={destination}
                stored={storedOf(destination, fieldsOf(known, destination))}
                below={belowOf(known, destination)}
              />
            )}
          </QueryState>
        </div>
      </div>
    </Stack>
  );
}

interface BacklogProps {
  readonly destination: Destination;
  readonly activity: DestinationActivity | undefined;
}

function Backlog({ destination, activity }: BacklogProps) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const { name } = destination;
  const { waiting = 0, overdue = 0, retrying = 0, need_decision: undecided = 0 } = activity ?? {};
  const failure = activity?.last_failure ?? null;
  const linked = (value: number, href: string): React.ReactNode =>
    value === 0 ? (
      count(0)
    ) : (
      <Anchor component={Link} href={href} underline="always">
        {count(value)}
      </Anchor>
    );
  return (
    <Card title={text.state}>
      <Stack gap="sm">
        <DestinationHealth destination={destination} />
        {destination.paused && destination.enabled ? <Text size="sm">{text.pausedWhy}</Text> : null}
        {activity === undefined ? null : (
          <Facts
            facts={[
              [
                text.waiting,
                <>
                  {linked(waiting, leadsLink(name, "accepted"))}
                  {overdue === 0 ? null : ` – ${text.overdue(count(overdue))}`}
                </>,
              ],
              [text.retrying, linked(retrying, entriesLink(name, false))],
              [text.undecided, linked(undecided, entriesLink(name, true))],
              ...countsFact(activity.skipped_today, activity.skipped_30_days, text.skipped),
              ...countsFact(activity.distributed_today, activity.distributed_30_days, text.distributed),
              ...countsFact(activity.unproven_today, activity.unproven_30_days, text.unproven),
              ...countsFact(activity.maybe_twice_today, activity.maybe_twice_30_days, text.maybeTwice),
              ...countsFact(activity.known_person_today, activity.known_person_30_days, text.knownPerson),
              ...countsFact(
                activity.added_to_person_today,
                activity.added_to_person_30_days,
                text.addedToPerson,
              ),
              [text.lastFailure, failure === null ? text.never : <LastFailure {...failure} />],
            ]}
          />
        )}
        <Anchor component={Link} href={leadsLink(name)} underline="always">
          {text.leads}
        </Anchor>
      </Stack>
    </Card>
  );
}

/** Where it never happened nothing is said. */
function countsFact(
  today: number,
  days: number,
  { title, counts }: { readonly title: string; readonly counts: (today: number, days: number) => string },
): readonly [string, string][] {
  return days === 0 ? [] : [[title, counts(today, days)]];
}

function LastFailure({ at, error_code: code }: NonNullable<DestinationActivity["last_failure"]>) {
  return (
    <>
      <Time iso={at} isFull />
      {code === null ? null : (
        <>
          <br />
          <FailureReason code={code} stored={null} />
        </>
      )}
    </>
  );
}

const texts = {
  de: {
    fields: "Felder zuordnen",
    state: "Zustand",
    pausedWhy: "Leads werden weiter angenommen und warten, bis das Ziel fortgesetzt wird.",
    waiting: "In Zustellung",
    overdue: (count: string) => `${count} davon seit mehr als fünf Minuten fällig`,
    retrying: "Wird erneut versucht",
    undecided: "Klärung nötig",
    unproven: {
      title: "Unbestätigt angekommen",
      counts: (today: number, days: number) => `${today} heute, ${days} in 30 Tagen`,
    },
    maybeTwice: {
      title: "Vielleicht doppelt vorhanden",
      counts: (today: number, days: number) => `${today} heute, ${days} in 30 Tagen`,
    },
    knownPerson: {
      title: "Nicht gespeichert, Person war bekannt",
      counts: (today: number, days: number) => `${today} heute, ${days} in 30 Tagen`,
    },
    addedToPerson: {
      title: "Bei bekannter Person ergänzt",
      counts: (today: number, days: number) => `${today} heute, ${days} in 30 Tagen`,
    },
    skipped: {
      title: "Nicht gesendet, Bedingung nicht erfüllt",
      counts: (today: number, days: number) => `${today} heute, ${days} in 30 Tagen`,
    },
    distributed: {
      title: "Bei der Verteilung bekommen",
      counts: (today: number, days: number) => `${today} heute, ${days} in 30 Tagen`,
    },
    lastFailure: "Letzter Fehler",
    never: "noch keiner",
    leads: "Leads, die dorthin unterwegs sind oder nicht ankamen",
  },
  en: {
    fields: "Map the fields",
    state: "State",
    pausedWhy: "Leads go on being taken and wait until the destination is resumed.",
    waiting: "Being delivered",
    overdue: (count: string) => `${count} of these due for more than five minutes`,
    retrying: "Retrying",
    undecided: "Need a decision",
    unproven: {
      title: "Arrived, but unproven",
      counts: (today: number, days: number) => `${today} today, ${days} in 30 days`,
    },
    maybeTwice: {
      title: "May be there twice",
      counts: (today: number, days: number) => `${today} today, ${days} in 30 days`,
    },
    knownPerson: {
      title: "Not stored, person was known",
      counts: (today: number, days: number) => `${today} today, ${days} in 30 days`,
    },
    addedToPerson: {
      title: "Added to a known person",
      counts: (today: number, days: number) => `${today} today, ${days} in 30 days`,
    },
    skipped: {
      title: "Not sent, condition not met",
      counts: (today: number, days: number) => `${today} today, ${days} in 30 days`,
    },
    distributed: {
      title: "Got by distribution",
      counts: (today: number, days: number) => `${today} today, ${days} in 30 days`,
    },
    lastFailure: "Last failure",
    never: "none yet",
    leads: "Leads on their way there, or that did not arrive",
  },
};
