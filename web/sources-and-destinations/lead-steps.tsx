// One lead on its way, step by step, as it happens: received, on its way to each destination, arrived or what went wrong.
import { Anchor, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { call } from "../api/client.ts";
import { useErrorTexts } from "../ui/error-texts.ts";
import type { LeadStory } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { LeadState } from "../ui/lead-state.tsx";
import { FailureReason } from "../ui/failure-reason.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { State } from "../ui/state.tsx";
import { TechnicalDetails } from "../ui/technical-details.tsx";
import { Time } from "../ui/time.tsx";
import { deliveriesOf } from "./deliveries-of.ts";
import type { Delivery } from "./deliveries-of.ts";
import classes from "./managed-parts.module.css";

export function LeadSteps({ runId }: { readonly runId: string }) {
  const lead = useQuery({
    queryKey: ["lead", runId],
    queryFn: ({ signal }) => call("GET /runs/:run_id", { params: { run_id: runId }, signal }),
  });
  return (
    <QueryState query={lead} loadingRows={3}>
      {(story) => <Steps lead={story} />}
    </QueryState>
  );
}

function Steps({ lead }: { readonly lead: LeadStory }) {
  const text = useTexts(texts);
  const deliveries = deliveriesOf(lead);
  return (
    <div role="status">
      <ol className={classes.steps}>
        <li>
          <State tone={lead.refused ? "bad" : "good"}>{lead.refused ? text.refused : text.received}</State>
          <Text size="sm" c="dimmed">
            <Time iso={lead.received_at} />
            {lead.test ? ` · ${text.test}` : ""}
          </Text>
          {lead.refused && lead.error_message !== null ? <Text size="sm">{lead.error_message}</Text> : null}
        </li>
        {deliveries.map((delivery) => (
          <li key={delivery.destination}>
            <DeliveryStep delivery={delivery} />
          </li>
        ))}
        {lead.outcome === "no_destination" ? (
          <li>
            <State tone="bad">{text.nobody}</State>
            <Text size="sm">
              {deliveries.some(({ state }) => state === "skipped") ? text.nobodyWanted : text.nobodyWhy}{" "}
              <Anchor component={Link} href="/destinations" underline="always" size="sm">
                {text.destinations}
              </Anchor>
            </Text>
          </li>
        ) : lead.status === "processed" || deliveries.length === 0 ? (
          <li>
            <LeadState lead={lead} />
          </li>
        ) : null}
      </ol>
      <Group mt="sm">
        <Anchor component={Link} href={`/leads/${lead.run_id}`} underline="always">
          {text.wholeStory}
        </Anchor>
      </Group>
    </div>
  );
}

function DeliveryStep({ delivery }: { readonly delivery: Delivery }) {
  const text = useTexts(texts);
  const { requestTime, shortTime } = useFormat();
  const { destination, state, reason, errorCode, durationMs, nextAt } = delivery;
  const explained = useErrorTexts()(errorCode);
  switch (state) {
    case "delivered":
      return (
        <>
          <State tone="good">{text.arrived(destination)}</State>
          {durationMs === null ? null : (
            <Text size="sm" c="dimmed">
              {text.took(requestTime(durationMs))}
            </Text>
          )}
        </>
      );
    case "underway":
      return (
        <>
          <State tone="waiting">{text.underway(destination)}</State>
          {reason === null ? null : <Text size="sm">{text.soFar(explained?.title ?? reason)}</Text>}
        </>
      );
    case "failed":
      return (
        <>
          <State tone={nextAt === null ? "bad" : "healing"}>{text.failed(destination)}</State>
          <Text size="sm">
            {errorCode === null ? reason : <FailureReason code={errorCode} stored={reason} />}
          </Text>
          {explained === null ? null : <TechnicalDetails stored={reason ?? ""} />}
          {nextAt === null ? null : (
            <Text size="sm" c="dimmed">
              {text.again(shortTime(nextAt))}
            </Text>
          )}
        </>
      );
    case "settled":
      return <State tone="byHand">{text.settled(destination)}</State>;
    case "skipped":
      return <State tone="quiet">{text.skipped(destination)}</State>;
    case "withdrawn":
      return <State tone="byHand">{text.withdrawn(destination)}</State>;
  }
}

const texts = {
  de: {
    received: "Empfangen und sicher aufbewahrt",
    refused: "Unlesbar – aufbewahrt",
    test: "Testlead",
    underway: (destination: string) => `In Zustellung an ${destination}`,
    soFar: (reason: string) => `Bisher vergeblich: ${reason}`,
    arrived: (destination: string) => `Bei ${destination} angekommen`,
    took: (span: string) => `in ${span}`,
    failed: (destination: string) => `Bei ${destination} nicht angekommen`,
    again: (at: string) => `Nächster Versuch von selbst: ${at}`,
    settled: (destination: string) => `${destination}: von Hand erledigt`,
    withdrawn: (destination: string) => `Zustellung an ${destination} zurückgezogen`,
    skipped: (destination: string) => `Nicht an ${destination} gesendet: Bedingung nicht erfüllt`,
    nobody: "Ohne Ziel: Niemand bekommt diesen Lead",
    nobodyWanted: "Er ist aufbewahrt. Bei keinem Ziel ist die Bedingung erfüllt:",
    nobodyWhy: "Er ist aufbewahrt. Legen Sie ein Ziel an, dann geht der nächste dorthin:",
    destinations: "Ziele",
    wholeStory: "Diesen Lead ansehen",
  },
  en: {
    received: "Received and safely kept",
    refused: "Unreadable, kept",
    test: "test lead",
    underway: (destination: string) => `Being delivered to ${destination}`,
    soFar: (reason: string) => `Without success so far: ${reason}`,
    arrived: (destination: string) => `Arrived at ${destination}`,
    took: (span: string) => `in ${span}`,
    failed: (destination: string) => `Has not arrived at ${destination}`,
    again: (at: string) => `Tried again by itself: ${at}`,
    settled: (destination: string) => `${destination}: settled by hand`,
    withdrawn: (destination: string) => `Delivery to ${destination} withdrawn`,
    skipped: (destination: string) => `Not sent to ${destination}: condition not met`,
    nobody: "Without destination: nobody gets this lead",
    nobodyWanted: "It is kept. No destination's condition is met:",
    nobodyWhy: "It is kept. Add a destination, and the next one goes there:",
    destinations: "Destinations",
    wholeStory: "Look at this lead",
  },
};
