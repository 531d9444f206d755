// One attempt to deliver: when, how it ended, and what was asked and answered, as far as it is kept.
import { Text } from "@mantine/core";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { FailureReason } from "../ui/failure-reason.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { State } from "../ui/state.tsx";
import { Time } from "../ui/time.tsx";
import type { Attempt } from "./delivery-standing.ts";
import { Details } from "../ui/details.tsx";
import classes from "./leads.module.css";

interface AttemptItemProps {
  readonly attempt: Attempt;
  readonly number: number;
  /** `webhook-id` of the request. */
  readonly requestId: string;
}

export function AttemptItem({ attempt, number, requestId }: AttemptItemProps) {
  const text = useTexts(texts);
  const { requestTime } = useFormat();
  const { event, isDelivered, code, status, durationMs, message, response } = attempt;
  return (
    <li>
      <Text size="sm" component="div">
        <State tone={isDelivered ? "good" : "bad"}>
          {text.attempt(number)}: {isDelivered ? text.delivered : text.failed}
        </State>
      </Text>
      <Text size="sm" c="dimmed">
        <Time iso={event.event_time} isFull /> · {status === null ? text.noAnswer : `HTTP ${status}`} ·{" "}
        {requestTime(durationMs)}
      </Text>
      {code === null ? null : <FailureReason code={code} stored={message} />}
      <Details title={text.exchange}>
        <Text size="sm">
          {text.request} <code>webhook-id: {requestId}</code>
        </Text>
        {message === null ? null : <Text size="sm">{message}</Text>}
        {response === null ? (
          <Text size="sm">{text.noResponse}</Text>
        ) : (
          <>
            <JsonView label={text.headers} value={response.headers} />
            <div>
              <Text size="sm" fw={550} mb={4}>
                {text.body}
              </Text>
              <pre className={classes.answer}>{response.body === "" ? text.emptyBody : response.body}</pre>
            </div>
          </>
        )}
      </Details>
    </li>
  );
}

const texts = {
  de: {
    attempt: (number: number) => `Versuch ${number}`,
    delivered: "zugestellt",
    failed: "gescheitert",
    noAnswer: "keine Antwort",
    exchange: "Anfrage und Antwort",
    request: "Gesendet wurde der Lead mit der Kennung",
    noResponse: "Es kam keine Antwort.",
    headers: "Antwort: Kopfzeilen",
    body: "Antwort: Anfang des Inhalts",
    emptyBody: "(leer)",
  },
  en: {
    attempt: (number: number) => `Attempt ${number}`,
    delivered: "delivered",
    failed: "failed",
    noAnswer: "no answer",
    exchange: "Request and answer",
    request: "The lead was sent with the id",
    noResponse: "No answer came.",
    headers: "Answer: headers",
    body: "Answer: beginning of its content",
    emptyBody: "(empty)",
  },
};
