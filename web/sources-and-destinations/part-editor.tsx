// The form of a source or a destination, from filling in to saving; what the server finds wrong stands at the field.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { writeExactly } from "../../src/domain/values/exact-json.ts";
import { ApiProblem } from "../api/problem.ts";
import type { FormField } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { draftOf, fieldsInView } from "../ui/form/draft.ts";
import type { Draft, Stored } from "../ui/form/draft.ts";
import { noProblems, problemsByField } from "../ui/form/field-problems.ts";
import type { FieldProblems } from "../ui/form/field-problems.ts";
import { bodyOfChange, bodyOfNew, unchosen, unreadable } from "../ui/form/form-body.ts";
import { FormFields } from "../ui/form/form-fields.tsx";
import type { FormFieldsProps } from "../ui/form/form-fields.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { pathOf } from "./part-kind.ts";
import type { Part, PartKind } from "./part-kind.ts";
import { useAddPart, useChangePart } from "./part-queries.ts";

interface NewPartProps {
  readonly kind: PartKind;
  readonly fields: readonly FormField[];
  /** Sent, too: the kind of a destination. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  /** Of the address of the page that follows: `?set-up=typeform`. */
  readonly query?: string;
  /** Stands before the fields. */
  readonly children?: ReactNode;
  /** Stands above the button: what will come of it. */
  readonly before?: ReactNode;
  /** Stands below a field, by its name. */
  readonly below?: FormFieldsProps["below"];
}

export function NewPart({
  kind,
  fields,
  more = {},
  draft,
  onChange,
  query = "",
  children,
  before,
  below,
}: NewPartProps) {
  const text = useTexts(texts);
  const [, navigate] = useLocation();
  const add = useAddPart(kind);
  return (
    <PartForm
      {...{ fields, draft, onChange, children, before, below }}
      isNew
      stored={{}}
      button={text.add[kind]}
      cancelTo={`/${kind}`}
      isPending={add.isPending}
      error={add.error}
      onSubmit={() =>
        add.mutate(writeExactly({ ...more, ...bodyOfNew(fields, draft) }), {
          onSuccess: ({ name }) => navigate(`${pathOf(kind, name)}${query}`),
        })
      }
    />
  );
}

interface ChangedPartProps {
  readonly kind: PartKind;
  readonly fields: readonly FormField[];
  readonly part: Part;
  readonly etag: string | null;
  readonly stored: Stored;
  /** Takes what is there by now, and forgets what was typed. */
  readonly onReload: () => void;
  readonly below?: FormFieldsProps["below"];
}

/** Begins with what the part is when this is first shown; changes by others meanwhile are noticed when it is saved. */
export function ChangedPart({ kind, fields, part, etag, stored, onReload, below }: ChangedPartProps) {
  const text = useTexts(texts);
  const [, navigate] = useLocation();
  const [{ before, version }] = useState({ before: draftOf(fields, { ...part }, stored), version: etag });
  const [draft, setDraft] = useState(before);
  const change = useChangePart(kind, part.name);
  return (
    <PartForm
      {...{ fields, draft, stored, onReload, below }}
      onChange={setDraft}
      isNew={false}
      button={text.save}
      cancelTo={pathOf(kind, part.name)}
      isPending={change.isPending}
      error={change.error}
      onSubmit={() =>
        change.mutate(
          { does: "change", ifMatch: version, json: writeExactly(bodyOfChange(fields, draft, before)) },
          { onSuccess: () => navigate(pathOf(kind, part.name)) },
        )
      }
    />
  );
}

interface PartFormProps {
  readonly fields: readonly FormField[];
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly stored: Stored;
  readonly isNew: boolean;
  readonly button: string;
  readonly cancelTo: string;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onSubmit: () => void;
  readonly onReload?: () => void;
  readonly children?: ReactNode;
  readonly before?: ReactNode;
  readonly below?: FormFieldsProps["below"];
}

function PartForm(props: PartFormProps) {
  const { fields, draft, error } = props;
  const text = useTexts(texts);
  const form = useRef<HTMLFormElement>(null);
  const [unread, setUnread] = useState<readonly string[]>([]);
  const toChoose = unchosen(fields, draft);
  const told = problemsOf(error, fields, draft);
  const problems: FieldProblems =
    unread.length === 0
      ? told
      : {
          byField: Object.fromEntries(
            unread.map((name) => [name, [toChoose.includes(name) ? text.choose : text.noJson]]),
          ),
          others: [],
        };
  useFirstProblem(form, error, unread);
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = [...unreadable(fields, draft), ...toChoose];
        setUnread(found);
        if (found.length === 0) props.onSubmit();
      }}
    >
      <Stack gap="lg">
        {props.children}
        <FormFields
          {...{ fields, draft, problems }}
          stored={props.stored}
          isNew={props.isNew}
          below={props.below}
          onChange={(name, value) => props.onChange({ ...draft, [name]: value })}
        />
        <Complaint
          error={error}
          told={told}
          {...(props.onReload === undefined ? {} : { onReload: props.onReload })}
        />
        {props.before}
        <Group>
          <Button type="submit" loading={props.isPending}>
            {props.button}
          </Button>
          <Button component={Link} href={props.cancelTo} variant="default">
            {text.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ComplaintProps {
  readonly error: Error | null;
  readonly told: FieldProblems;
  readonly onReload?: () => void;
}

function Complaint({ error, told, onReload }: ComplaintProps) {
  const text = useTexts(texts);
  if (error === null) return null;
  if (isChangedMeanwhile(error)) {
    return (
      <Alert color="orange" role="alert" title={text.changedMeanwhile}>
        <Text size="sm" mb="xs">
          {text.changedMeanwhileWhy}
        </Text>
        <Button size="xs" variant="default" onClick={onReload}>
          {text.reload}
        </Button>
      </Alert>
    );
  }
  const isAtFields = told.others.length === 0 && Object.keys(told.byField).length > 0;
  if (!isAtFields) return <ProblemAlert error={error} />;
  return (
    <Alert color="red" role="alert">
      {text.seeFields}
    </Alert>
  );
}

function isChangedMeanwhile(error: Error): boolean {
  return error instanceof ApiProblem && error.code === "changed_meanwhile";
}

/** A name that is taken is a problem of the field, too. */
function problemsOf(error: Error | null, fields: readonly FormField[], draft: Draft): FieldProblems {
  if (!(error instanceof ApiProblem)) return noProblems;
  const { code, title, detail, problems } = error;
  const named = code === "name_taken" || code === "managed_by_file";
  const found = named ? [{ code, place: "name", message: `${title}. ${detail}` }] : problems;
  return problemsByField(
    found,
    fieldsInView(fields, draft).map(({ field }) => field.name),
  );
}

/** Leads whoever sent the form to what is wrong. */
function useFirstProblem(
  form: React.RefObject<HTMLFormElement | null>,
  error: Error | null,
  unread: readonly string[],
): void {
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [form, error, unread]);
}

const texts = {
  de: {
    add: { sources: "Quelle anlegen", destinations: "Ziel anlegen" },
    save: "Speichern",
    cancel: "Abbrechen",
    choose: "Bitte wählen Sie, wohin die Leads gehen.",
    noJson: "Das ist kein gültiges JSON.",
    seeFields: "Es ist nichts gespeichert. Bitte berichtigen Sie die markierten Felder.",
    changedMeanwhile: "Inzwischen hat jemand anderes etwas geändert",
    changedMeanwhileWhy:
      "Damit nichts davon verloren geht, ist Ihre Änderung nicht gespeichert. Laden Sie den neuen Stand und ändern Sie ihn dann.",
    reload: "Neuen Stand laden",
  },
  en: {
    add: { sources: "Add the source", destinations: "Add the destination" },
    save: "Save",
    cancel: "Cancel",
    choose: "Please choose where the leads go.",
    noJson: "This is no valid JSON.",
    seeFields: "Nothing was saved. Please mend the fields that are marked.",
    changedMeanwhile: "Somebody else has changed something meanwhile",
    changedMeanwhileWhy:
      "So that none of it gets lost, your change was not saved. Load what is there now, and change that.",
    reload: "Load what is there now",
  },
};
