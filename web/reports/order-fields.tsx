// Who gets one report, when and in which language.
import { Fieldset, Select, Stack, TextInput, Textarea } from "@mantine/core";
import { useTexts } from "../language/language.tsx";

export interface OrderDraft {
  /** One address a line; none: nobody gets it. */
  readonly to: string;
  readonly at: string;
  /** Empty: that of the mail account. */
  readonly language: string;
  readonly client: string | null;
  /** Of the weekly report; null: every day. */
  readonly on: string | null;
}

interface Order {
  readonly to: readonly string[];
  readonly at: string;
  readonly language: string | null;
  readonly client: string | null;
}

export function draftOfOrder(order: Order | null, on: string | null): OrderDraft {
  return {
    to: order?.to.join("\n") ?? "",
    at: order?.at ?? "07:30",
    language: order?.language ?? "",
    client: order?.client ?? null,
    on,
  };
}

/** null: nobody gets it. */
export function entryOfDraft({ to, at, language, client, on }: OrderDraft): Record<string, unknown> | null {
  const recipients = to
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (recipients.length === 0) return null;
  return {
    to: recipients,
    at: at.trim(),
    ...(language === "" ? {} : { language }),
    ...(client === null ? {} : { client }),
    ...(on === null ? {} : { on }),
  };
}

interface OrderFieldsProps {
  readonly legend: string;
  readonly draft: OrderDraft;
  readonly isReadOnly: boolean;
  readonly onChange: (draft: OrderDraft) => void;
}

export function OrderFields({ legend, draft, isReadOnly, onChange }: OrderFieldsProps) {
  const text = useTexts(texts);
  return (
    <Fieldset legend={legend}>
      <Stack gap="sm">
        <Textarea
          label={text.to}
          description={text.toWhat}
          placeholder="anna@example.com"
          autosize
          minRows={2}
          readOnly={isReadOnly}
          value={draft.to}
          onChange={(event) => onChange({ ...draft, to: event.currentTarget.value })}
        />
        {draft.on === null ? null : (
          <Select
            label={text.on}
            data={weekdays.map((value, index) => ({ value, label: text.weekdays[index] ?? value }))}
            allowDeselect={false}
            disabled={isReadOnly}
            value={draft.on}
            onChange={(on) => onChange({ ...draft, on: on ?? draft.on })}
          />
        )}
        <TextInput
          label={text.at}
          placeholder="07:30"
          readOnly={isReadOnly}
          value={draft.at}
          onChange={(event) => onChange({ ...draft, at: event.currentTarget.value })}
        />
        <Select
          label={text.language}
          data={[
            { value: "", label: text.ofAccount },
            { value: "de", label: "Deutsch" },
            { value: "en", label: "English" },
          ]}
          allowDeselect={false}
          disabled={isReadOnly}
          value={draft.language}
          onChange={(language) => onChange({ ...draft, language: language ?? "" })}
        />
      </Stack>
    </Fieldset>
  );
}

const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const texts = {
  de: {
    to: "Empfänger",
    toWhat: "Eine E-Mail-Adresse je Zeile. Leer: Niemand bekommt ihn.",
    at: "Uhrzeit",
    on: "Wochentag",
    weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    language: "Sprache",
    ofAccount: "wie das E-Mail-Konto",
  },
  en: {
    to: "Recipients",
    toWhat: "One e-mail address a line. Empty: nobody gets it.",
    at: "Time of day",
    on: "Weekday",
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    language: "Language",
    ofAccount: "as the mail account",
  },
};
