// The address that is called while all works: said, watched, forgotten.
import { Alert, Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call, callWithEtag } from "../api/client.ts";
import type { Answer } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { spokenQuantity } from "../language/quantity.ts";
import { silence } from "../overview/installation-sentences.ts";
import { Card } from "../ui/card.tsx";
import { problemsByField } from "../ui/form/field-problems.ts";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { Removal } from "./removal.tsx";
import { SettingsPage } from "./settings-page.tsx";

type Shown = Answer<"GET /dead-mans-switch">;

const formWidth = 560;
const refreshMs = 5_000;
const key = ["settings", "dead-mans-switch"] as const;

export default function DeadMansSwitchSettings() {
  const text = useTexts(texts);
  const found = useQuery({
    queryKey: key,
    queryFn: () => callWithEtag("GET /dead-mans-switch"),
    refetchInterval: refreshMs,
  });
  return (
    <SettingsPage part="deadMansSwitch">
      <QueryState query={found}>
        {({ body, etag }) => (
          <>
            <State shown={body} />
            {body.managed_by === "file" ? null : <Form key={etag} shown={body} etag={etag} />}
            {body.managed_by === "api" ? (
              <Removal
                title={text.remove}
                what={text.removeWhat}
                queryKey={key}
                remove={() => call("DELETE /dead-mans-switch")}
              />
            ) : null}
          </>
        )}
      </QueryState>
    </SettingsPage>
  );
}

function State({ shown }: { readonly shown: Shown }) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const format = useFormat();
  const { origin, called_at: calledAt, silent_since: silentSince, reasons } = shown;
  if (origin === null) return <Alert color="orange">{text.missing}</Alert>;
  return (
    <Card title={text.state}>
      <Stack gap="xs" maw={formWidth}>
        <Text>{text.calls(`${origin}/…`, spokenQuantity(shown.every, language, format.count))}</Text>
        {calledAt === null ? null : <Text size="sm">{text.calledAt(format.shortTime(calledAt))}</Text>}
        {silentSince === null ? null : (
          <Alert color="red" role="alert" title={text.silent(format.shortTime(silentSince))}>
            {reasons.map((reason) => silence[language][reason]).join(", ")}
          </Alert>
        )}
        {shown.managed_by === "file" ? <Text size="sm">{text.fromFile}</Text> : null}
      </Stack>
    </Card>
  );
}

function Form({ shown, etag }: { readonly shown: Shown; readonly etag: string | null }) {
  const text = useTexts(texts);
  const queries = useQueryClient();
  const [url, setUrl] = useState("");
  const [every, setEvery] = useState(shown.every);
  const [isPrivate, setPrivate] = useState(shown.allow_private);
  const saving = useMutation({
    mutationFn: () =>
      callWithEtag("PUT /dead-mans-switch", {
        body: { ...(url.trim() === "" ? {} : { url: url.trim() }), every, allow_private: isPrivate },
        ifMatch: etag,
      }),
    onSuccess: (saved) => queries.setQueryData(key, saved),
  });
  const { byField } =
    saving.error instanceof ApiProblem
      ? problemsByField(saving.error.problems, ["url", "every", "allow_private"])
      : { byField: {} };
  const errors: Readonly<Record<string, string | undefined>> = byField;
  return (
    <Card title={shown.origin === null ? text.set : text.change}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <Stack gap="lg" maw={formWidth}>
          <TextInput
            label={text.address}
            description={shown.origin === null ? text.addressHelp : text.addressStays}
            placeholder="https://hc-ping.com/…"
            type="url"
            autoComplete="off"
            value={url}
            error={errors["url"]}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          <TextInput
            label={text.every}
            description={text.everyHelp}
            value={every}
            error={errors["every"]}
            onChange={(event) => setEvery(event.currentTarget.value)}
          />
          <Checkbox
            label={text.private}
            description={text.privateHelp}
            checked={isPrivate}
            onChange={(event) => setPrivate(event.currentTarget.checked)}
          />
          {saving.error === null || Object.keys(byField).length > 0 ? null : (
            <ProblemAlert error={saving.error} />
          )}
          <Group>
            <Button type="submit" loading={saving.isPending}>
              {text.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

const texts = {
  de: {
    missing: "Es wird keine Adresse aufgerufen: Fällt alles aus, merkt es draußen niemand.",
    state: "Zustand",
    calls: (address: string, every: string) =>
      `Aufgerufen wird ${address} im Abstand von ${every}, solange alles geht.`,
    calledAt: (time: string) => `Zuletzt aufgerufen: ${time}`,
    silent: (time: string) => `Stumm seit ${time}`,
    fromFile: "Das steht in leadledger.yaml und wird dort geändert.",
    set: "Adresse angeben",
    change: "Ändern",
    address: "Adresse",
    addressHelp:
      "Von einem Dienst, der Alarm gibt, wenn der Aufruf ausbleibt: Healthchecks, Uptime Kuma, Cronitor, Dead Man’s Snitch.",
    addressStays:
      "Bleibt das Feld leer, bleibt die Adresse, wie sie ist. Sie wird verschlüsselt gespeichert.",
    every: "Aufruf alle",
    everyHelp: "1m, 5m, 1h. Der Dienst sollte zwei bis drei Aufrufe abwarten, bevor er Alarm gibt.",
    private: "Darf interne Adressen erreichen",
    privateHelp:
      "Für einen Dienst im eigenen Netz. Einer auf demselben Rechner merkt nichts, wenn der Rechner ausfällt.",
    save: "Speichern",
    remove: "Nicht mehr aufrufen",
    removeWhat: "Schalten Sie auch den Alarm beim Dienst ab: Er merkt sonst, dass der Aufruf ausbleibt.",
  },
  en: {
    missing: "No address is called: when everything fails, nobody outside notices.",
    state: "Condition",
    calls: (address: string, every: string) =>
      `${address} is called at intervals of ${every} while all works.`,
    calledAt: (time: string) => `Last called: ${time}`,
    silent: (time: string) => `Silent since ${time}`,
    fromFile: "That stands in leadledger.yaml and is changed there.",
    set: "Name an address",
    change: "Change",
    address: "Address",
    addressHelp:
      "Of a service that raises an alarm when it is not called in time: Healthchecks, Uptime Kuma, Cronitor, Dead Man’s Snitch.",
    addressStays: "If it is left empty, the address stays as it is. It is stored encrypted.",
    every: "Called every",
    everyHelp: "1m, 5m, 1h. The service should wait for two or three calls before it raises the alarm.",
    private: "May reach internal addresses",
    privateHelp:
      "For a service in your own network. One on the same machine notices nothing when the machine fails.",
    save: "Save",
    remove: "Call it no more",
    removeWhat: "Turn off the alarm at the service, too: it would notice that the call does not come.",
  },
};
