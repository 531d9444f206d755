// Service levels: what is agreed, how it stands, and how days and months kept it.
import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "wouter";
import { riskWords, stateWords } from "../../src/domain/sla/sla-words.ts";
import { addressOf, call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Empty } from "../ui/empty.tsx";
import { Facts } from "../ui/facts.tsx";
import { Page } from "../ui/page.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { State } from "../ui/state.tsx";
import { NewSla } from "./new-sla.tsx";
import { useSlas } from "./read-slas.ts";
import type { Sla } from "./read-slas.ts";
import { SlaDays, SlaMonths } from "./sla-days.tsx";
import { agreedText, toneOfState } from "./sla-words.ts";

const loadingRows = 4;

export default function SlaView() {
  const text = useTexts(texts);
  const slas = useSlas();
  const mayWrite = useMay("configuration.write");
  const [search] = useSearchParams();
  const [isOpen, { open, close }] = useDisclosure(false);
  const chosen = search.get("name");
  return (
    <Page
      title={text.title}
      explanation={text.explanation}
      actions={mayWrite ? <Button onClick={open}>{text.add}</Button> : null}
    >
      <QueryState query={slas} loadingRows={loadingRows}>
        {(known) =>
          known.length === 0 ? (
            <Empty title={text.none} explanation={text.noneWhy} />
          ) : (
            <Stack>
              {known
                .filter(({ name }) => chosen === null || name === chosen)
                .map((sla) => (
                  <OneSla key={sla.name} sla={sla} isChosen={sla.name === chosen} />
                ))}
            </Stack>
          )
        }
      </QueryState>
      <NewSla isOpen={isOpen} onClose={close} />
    </Page>
  );
}

function OneSla({ sla, isChosen }: { readonly sla: Sla; readonly isChosen: boolean }) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const { count, percent, span } = useFormat();
  const [, change] = useSearchParams();
  const mayWrite = useMay("configuration.write");
  const { today, month, live } = sla;
  const judged = (of: Sla["today"] | Sla["month"]) =>
    of === null ? (
      "–"
    ) : (
      <State tone={toneOfState[of.state]}>
        {stateWords[of.state][language]}
        {of.decided_count === 0 ? "" : text.of(count(of.met_count), count(of.decided_count))}
        {of.pending_count === 0 ? "" : text.pending(count(of.pending_count))}
      </State>
    );
  const budget = month?.budget.left ?? null;
  return (
    <Card
      title={sla.label ?? sla.name}
      actions={mayWrite && sla.managed_by === "api" ? <RemoveSla name={sla.name} /> : null}
    >
      <Stack gap="sm">
        <Text size="sm">{agreedText(sla, language, count)}</Text>
        {live === null || live.risk === null ? null : (
          <State tone={live.severity === "error" ? "bad" : "waiting"}>
            {text.risk(riskWords[live.risk][language])}
          </State>
        )}
        <Facts
          facts={[
            [text.today, judged(today)],
            [text.month, judged(month)],
            ...(sla.measure === "oldest_entry"
              ? [[text.oldest, live?.oldest_ms == null ? text.nothing : span(live.oldest_ms)] as const]
              : [
                  [
                    text.budget,
                    budget === null || month === null
                      ? "–"
                      : (budget < 0 ? text.overdrawn : text.left)(
                          percent(Math.max(budget, 0)),
                          count(month.budget.missed_count),
                          count(Math.round(month.budget.allowed_count * 10) / 10),
                        ),
                  ] as const,
                ]),
          ]}
        />
        {sla.managed_by === "file" ? (
          <Text size="sm" c="dimmed">
            {text.fromFile}
          </Text>
        ) : null}
        <Group>
          <Anchor
            component="button"
            type="button"
            underline="always"
            onClick={() => change(isChosen ? {} : { name: sla.name })}
          >
            {isChosen ? text.all : text.days}
          </Anchor>
          {isChosen ? (
            <Anchor
              href={addressOf("GET /exports/sla", {
                query: { sla: sla.name, format: "csv", ...(language === "de" ? { excel: "de" } : {}) },
              })}
              download
              underline="always"
            >
              {text.csv}
            </Anchor>
          ) : null}
        </Group>
        {isChosen ? (
          <>
            <SlaMonths name={sla.name} />
            <SlaDays name={sla.name} />
          </>
        ) : null}
      </Stack>
    </Card>
  );
}

function RemoveSla({ name }: { readonly name: string }) {
  const text = useTexts(texts);
  const queries = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure(false);
  const removing = useMutation({
    mutationFn: () => call("DELETE /sla/:name", { params: { name } }),
    onSuccess: close,
    onSettled: () => queries.invalidateQueries({ queryKey: ["sla"] }),
  });
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={open}>
        {text.remove}
      </Button>
      <Dialog isOpen={isOpen} onClose={close} title={text.removeOf(name)}>
        <Stack>
          <Text size="sm">{text.removeWhat}</Text>
          {removing.error === null ? null : <ProblemAlert error={removing.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {text.cancel}
            </Button>
            <Button color="red" loading={removing.isPending} onClick={() => removing.mutate()}>
              {text.removeNow}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}

const texts = {
  de: {
    title: "Servicelevel",
    explanation:
      "Was für Leads vereinbart ist, und wie es eingehalten wird: heute, in diesem Monat und an jedem Tag.",
    add: "Servicelevel anlegen …",
    none: "Noch nichts vereinbart",
    noneWhy:
      "Legen Sie fest, wie schnell Leads ankommen oder kontaktiert werden sollen. Auch die vergangenen Tage werden danach beurteilt.",
    of: (met: string, all: string) => `: ${met} von ${all}`,
    pending: (count: string) => `, ${count} offen`,
    risk: (why: string) => `Gefährdet: ${why}`,
    today: "Heute",
    month: "Dieser Monat",
    budget: "Fehlerbudget",
    oldest: "Ältester offener Klärfall",
    nothing: "keiner",
    left: (left: string, missed: string, allowed: string) =>
      `${left} übrig (${missed} von ${allowed} erlaubten Fehlern)`,
    overdrawn: (_left: string, missed: string, allowed: string) =>
      `überzogen (${missed} Fehler, ${allowed} erlaubt)`,
    fromFile: "Steht in leadledger.yaml und wird dort geändert.",
    days: "Tage und Monate zeigen",
    all: "Alle Servicelevel zeigen",
    csv: "Tage als CSV",
    remove: "Entfernen …",
    removeOf: (name: string) => `${name} entfernen`,
    removeWhat: "Es gilt dann nicht mehr. Die Tage, die schon beurteilt sind, bleiben.",
    removeNow: "Entfernen",
    cancel: "Abbrechen",
  },
  en: {
    title: "Service levels",
    explanation: "What is agreed about leads, and how it is kept: today, this month, and on each day.",
    add: "Add a service level …",
    none: "Nothing is agreed yet",
    noneWhy:
      "Say how quickly leads have to arrive, or to be contacted. The days before are judged by it, too.",
    of: (met: string, all: string) => `: ${met} of ${all}`,
    pending: (count: string) => `, ${count} open`,
    risk: (why: string) => `At risk: ${why}`,
    today: "Today",
    month: "This month",
    budget: "Error budget",
    oldest: "Oldest open case",
    nothing: "none",
    left: (left: string, missed: string, allowed: string) =>
      `${left} left (${missed} of ${allowed} allowed misses)`,
    overdrawn: (_left: string, missed: string, allowed: string) =>
      `overdrawn (${missed} misses, ${allowed} allowed)`,
    fromFile: "Stands in leadledger.yaml and is changed there.",
    days: "Show days and months",
    all: "Show all service levels",
    csv: "Days as CSV",
    remove: "Remove …",
    removeOf: (name: string) => `Remove ${name}`,
    removeWhat: "It holds no longer then. The days that it was judged on stay.",
    removeNow: "Remove",
    cancel: "Cancel",
  },
};
