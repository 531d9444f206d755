// What would be sent, and where, in words; the request itself for who wants to see it.
import { Stack, Text } from "@mantine/core";
import { parseExactly } from "../../src/domain/values/exact-json.ts";
import type { EditDryRun } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { State } from "../ui/state.tsx";
import classes from "../ui/parts.module.css";

type Delivery = EditDryRun["deliveries"][number];

export function DryRun({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
  const text = useTexts(texts);
  return (
    <Stack gap="sm" role="status">
      <Text size="sm">{text.nothingSent}</Text>
      {deliveries.length === 0 ? <State tone="bad">{text.nobody}</State> : null}
      {deliveries.map(({ destination, request, not_sent: why }) =>
        request === null ? (
          <State
            key={destination}
            tone={why === undefined || why.code === "condition_not_met" ? "quiet" : "bad"}
          >
            {why === undefined ? text.takenUp(destination) : text.notSent[why.code](destination, why.detail)}
          </State>
        ) : (
          <div key={destination}>
            <Text mb={4}>{text.wouldGo(destination, request.url)}</Text>
            <JsonView label={text.wouldGet(destination)} value={valueOf(request.body)} />
            <details>
              <summary>{text.headers}</summary>
              <pre className={classes.code} tabIndex={0} role="group" aria-label={text.headers}>
                {`${request.method} ${request.url}\n${Object.entries(request.headers)
                  .map(([name, value]) => `${name}: ${value}`)
                  .join("\n")}`}
              </pre>
            </details>
          </div>
        ),
      )}
    </Stack>
  );
}

function valueOf(body: string): unknown {
  try {
    return parseExactly(body);
  } catch {
    return body;
  }
}

const texts = {
  de: {
    nothingSent: "Nur ein Probelauf: Es wurde nichts gesendet.",
    nobody: "Die Quelle hat kein Ziel: Diesen Lead bekäme niemand.",
    takenUp: (destination: string) => `„${destination}“ holt sich den Lead mit einem eigenen Programm.`,
    notSent: {
      condition_not_met: (destination: string, place: string) =>
        `„${destination}“ bekäme den Lead nicht: Bedingung nicht erfüllt (${place}).`,
      field_missing: (destination: string, detail: string) =>
        `„${destination}“ bekäme den Lead nicht: Ein Pflichtfeld fehlt (${detail}).`,
      expression_failed: (destination: string, detail: string) =>
        `„${destination}“ bekäme den Lead nicht: Sein Ausdruck ergibt nichts (${detail}).`,
    },
    wouldGo: (destination: string, url: string) => `An „${destination}“ ginge eine Anfrage an ${url}.`,
    wouldGet: (destination: string) => `Das bekäme „${destination}“`,
    headers: "Kopfzeilen der Anfrage",
  },
  en: {
    nothingSent: "A trial only: nothing was sent.",
    nobody: "The source has no destination: nobody would get this lead.",
    takenUp: (destination: string) => `“${destination}” takes the lead up with a program of its own.`,
    notSent: {
      condition_not_met: (destination: string, place: string) =>
        `“${destination}” would not get the lead: condition not met (${place}).`,
      field_missing: (destination: string, detail: string) =>
        `“${destination}” would not get the lead: a required field is missing (${detail}).`,
      expression_failed: (destination: string, detail: string) =>
        `“${destination}” would not get the lead: its expression gives nothing (${detail}).`,
    },
    wouldGo: (destination: string, url: string) => `“${destination}” would get a request to ${url}.`,
    wouldGet: (destination: string) => `What “${destination}” would get`,
    headers: "The request's headers",
  },
};
