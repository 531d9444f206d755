// Edit and deliver: another body for a lead that failed, or that was refused; tried first, and sent with a reason.
import { Alert, Anchor, Button, Group, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { call } from "../api/client.ts";
import { parseExactly, writeExactly } from "../../src/domain/values/exact-json.ts";
import { ApiProblem } from "../api/problem.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { Page } from "../ui/page.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";
import { Difference } from "./difference.tsx";
import { DryRun } from "./dry-run.tsx";
import type { Done } from "./entry-actions.tsx";
import { ChangedMeanwhile, readBase } from "./changed-meanwhile.tsx";
import type { Base } from "./changed-meanwhile.tsx";
import { goTo, JsonEditor } from "./json-editor.tsx";
import type { FieldFault } from "./json-editor.tsx";
import { findPlaces } from "./json-places.ts";

export default function EditEntry() {
  const text = useTexts(texts);
  const { dlq_id: id = "" } = useParams();
  const base = useQuery({
    // A name of its own: live events must not read it again, since each reading is recorded.
    queryKey: ["unmasked-entry", id],
    queryFn: () => readBase(id),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return (
    <Page
      title={text.title(id)}
      explanation={text.explanation}
      actions={
        <Anchor component={Link} href={`/attention/${id}`}>
          {text.back}
        </Anchor>
      }
    >
      <QueryState query={base} loadingRows={12}>
        {(known) => <Editing id={id} initial={known} />}
      </QueryState>
    </Page>
  );
}

function Editing({ id, initial }: { readonly id: string; readonly initial: Base }) {
  const text = useTexts(texts);
  const [base, setBase] = useState(initial);
  const [typed, setTyped] = useState(initial.text);
  const [isOpen, setOpen] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const places = findPlaces(typed);
  const settled = useDeferredValue(typed);
  useWarningBeforeLeaving(typed !== base.text);
  const trial = useMutation({
    mutationFn: (body: string) =>
      call("POST /dlq/:dlq_id/edit/dry-run", { params: { dlq_id: id }, json: `{"body":${body}}` }),
  });
  const saving = useSaving(id, base);
  const judged = saving.error ?? trial.error;
  const faults = judgedText(saving, trial) === typed ? fieldFaults(judged) : [];
  const whenReadable = (next: () => void): void => {
    if (places.ok) next();
    else goTo(field.current, places.at);
  };
  const change = (value: string): void => {
    setTyped(value);
    saving.reset();
  };
  // Faults stand beside the field, and that somebody else was at it above.
  const isSaidElsewhere = isFieldProblem(judged) || isChanged(judged) || isOpen;
  const shownError = isSaidElsewhere ? null : judged;
  return (
    <Stack>
      <ChangedMeanwhile
        id={id}
        base={base}
        onLoaded={(fresh) => {
          // Who typed nothing wants to see the new state, not to undo it.
          if (typed === base.text) setTyped(fresh.text);
          setBase(fresh);
          saving.reset();
          trial.reset();
        }}
      />
      <Card title={text.body}>
        <Stack>
          <JsonEditor
            label={text.json}
            value={typed}
            places={places}
            faults={faults}
            field={field}
            onChange={change}
          />
          {shownError === null ? null : <ProblemAlert error={shownError} />}
          {faults.length === 0 ? null : (
            <Alert color="red" role="alert" title={text.invalid}>
              {text.invalidWhat}
            </Alert>
          )}
          <Group>
            <Button
              onClick={() =>
                whenReadable(() => {
                  saving.reset();
                  setOpen(true);
                })
              }
            >
              {base.entry.kind === "refused" ? text.saveRefused : text.save}
            </Button>
            <Button
              variant="default"
              loading={trial.isPending}
              onClick={() =>
                whenReadable(() => {
                  saving.reset();
                  trial.mutate(typed);
                })
              }
            >
              {text.check}
            </Button>
            <Button variant="subtle" disabled={typed === base.text} onClick={() => change(base.text)}>
              {text.undo}
            </Button>
          </Group>
          {trial.data === undefined || trial.variables !== typed ? null : (
            <DryRun deliveries={trial.data.deliveries} />
          )}
        </Stack>
      </Card>
      <Card title={text.changes}>
        <Difference before={base.text} after={arranged(settled)} />
      </Card>
      <ReasonDialog
        title={text.title(id)}
        explanation={base.entry.kind === "refused" ? text.becomesLead : text.isSent}
        button={base.entry.kind === "refused" ? text.saveRefused : text.save}
        isOpen={isOpen}
        isPending={saving.isPending}
        error={saving.error}
        onConfirm={(reason) =>
          saving.mutate({ body: typed, reason }, { onError: (error) => isWrongBody(error) && setOpen(false) })
        }
        onClose={() => setOpen(false)}
      />
    </Stack>
  );
}

interface Typed {
  readonly body: string;
  readonly reason: string;
}

function useSaving(id: string, base: Base) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    // The text goes as it is: numbers must not be read and written anew.
    mutationFn: ({ body, reason }: Typed) =>
      call("POST /dlq/:dlq_id/edit", {
        params: { dlq_id: id },
        json: `{"reason":${JSON.stringify(reason)},"body":${body}}`,
        ifMatch: base.etag,
      }),
    onSuccess: ({ dlq_id: by }) => {
      const done: Done = "edit";
      navigate(`/attention/${by}`, { state: { done } });
    },
    onSettled: () => {
      for (const name of ["entry", "entries", "groups", "lead"])
        void queries.invalidateQueries({ queryKey: [name] });
    },
  });
}

function judgedText(
  saving: { readonly error: Error | null; readonly variables: Typed | undefined },
  trial: { readonly variables: string | undefined },
): string | undefined {
  return saving.error === null ? trial.variables : saving.variables?.body;
}

function isWrongBody(error: Error | null): boolean {
  return error instanceof ApiProblem && error.code === "edit_invalid";
}

function isChanged(error: Error | null): boolean {
  return error instanceof ApiProblem && error.code === "entry_changed";
}

function isFieldProblem(error: Error | null): boolean {
  return error instanceof ApiProblem && isWrongBody(error) && error.problems.length > 0;
}

function fieldFaults(error: Error | null): readonly FieldFault[] {
  if (!(error instanceof ApiProblem) || !isFieldProblem(error)) return [];
  return error.problems.map(({ place, message }) => ({ pointer: place, message }));
}

/** Laid out like what it is compared with, so that spaces make no difference; as it is while it is no JSON. */
function arranged(text: string): string {
  try {
    return writeExactly(parseExactly(text), 2);
  } catch {
    return text;
  }
}

function useWarningBeforeLeaving(hasTyped: boolean): void {
  useEffect(() => {
    if (!hasTyped) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [hasTyped]);
}

const texts = {
  de: {
    title: (id: string) => `Klärfall ${id} bearbeiten`,
    explanation:
      "Sie sehen die Daten im Klartext; das steht im Protokoll, ebenso jede Änderung mit Ihrer Begründung.",
    back: "Zurück zum Klärfall",
    body: "Daten des Leads",
    json: "JSON, wie es der Absender hätte schicken sollen",
    check: "Prüfen, ohne zu senden",
    save: "Ändern und zustellen",
    saveRefused: "Als Lead übernehmen",
    undo: "Änderungen verwerfen",
    changes: "Änderungen",
    invalid: "So kann das kein Lead dieser Quelle sein",
    invalidWhat: "Geändert oder gesendet wurde nichts. Was fehlt, steht neben dem Textfeld.",
    isSent: "Die geänderten Daten treten an die Stelle der bisherigen und werden sofort zugestellt.",
    becomesLead:
      "Aus diesen Daten wird ein Lead, der an die Ziele seiner Quelle geht. Der Klärfall ist damit erledigt.",
  },
  en: {
    title: (id: string) => `Edit case ${id}`,
    explanation:
      "You see the data in full; that stands in the log, and so does every change with your reason.",
    back: "Back to the case",
    body: "The lead's data",
    json: "JSON, as the sender should have sent it",
    check: "Check without sending",
    save: "Change and deliver",
    saveRefused: "Take as a lead",
    undo: "Drop the changes",
    changes: "Changes",
    invalid: "Like this it cannot be a lead of this source",
    invalidWhat: "Nothing was changed or sent. What is missing stands beside the text field.",
    isSent: "The changed data take the place of those before, and are delivered at once.",
    becomesLead:
      "These data become a lead, which goes to its source's destinations. This case is settled by that.",
  },
};
