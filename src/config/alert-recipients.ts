// Who is told of alerts, as leadledger.yaml and the API say it: a channel, which is a kind of destination that can tell
// people something, and what the recipient is told. Declared as fields, so that everything else follows.
import { openingHours } from "../domain/calendar/opening-hours.ts";
import type { RecipientRules } from "../domain/alerts/notices.ts";
import { urgency } from "../domain/figures/alarm.ts";
import type { Language } from "../domain/errors/explained.ts";
import type { InBothLanguages } from "../domain/configuration/form-words.ts";
import type { DeclaredKinds, DeclaredKind, TellsPeople } from "./declared-kind.ts";
import { clientTexts } from "./fields/client-field.ts";
import type { Field, Fields, SettingsOf } from "./fields/field.ts";
import { choice, duration, flag, optionalText, texts } from "./fields/plain-fields.ts";

const escalateAfterPresetMs = 1_800_000;
const quietRulesMax = 20;

/** What every recipient says, whatever its channel. */
const ruleFields = {
  language: choice("language", {
    label: { en: "Language", de: "Sprache" },
    help: { en: "In which messages are written.", de: "In dieser Sprache sind die Nachrichten." },
    preset: "en",
    options: [
      { value: "en", label: { en: "English", de: "Englisch" }, help: { en: "", de: "" } },
      { value: "de", label: { en: "German", de: "Deutsch" }, help: { en: "", de: "" } },
    ],
  }),
  severity: choice("severity", {
    label: { en: "Told of", de: "Erfährt von" },
    help: {
      en: "error: leads are lost, stand still or wait for a person. warning: also of what may mend itself. none: only of what others leave without an answer, or cannot be told.",
      de: "error: Leads gehen verloren, stehen still oder warten auf jemanden. warning: auch von dem, was sich von selbst geben kann. none: nur von dem, worauf andere nicht antworten oder was sie nicht erreicht.",
    },
    preset: "error",
    options: [
      {
        value: "error",
        label: { en: "Errors", de: "Fehlern" },
        help: {
          en: "Leads are lost, stand still or wait for a person.",
          de: "Leads gehen verloren, stehen still oder warten auf jemanden.",
        },
      },
      {
        value: "warning",
        label: { en: "Errors and warnings", de: "Fehlern und Warnungen" },
        help: {
          en: "Also of what may mend itself, or what somebody wants to be so.",
          de: "Auch von dem, was sich von selbst geben kann oder was jemand so will.",
        },
      },
      {
        value: "none",
        label: { en: "What others leave without an answer", de: "Dem, worauf andere nicht antworten" },
        help: {
          en: "Only what nobody acknowledges, or what others cannot be told.",
          de: "Nur wenn niemand bestätigt, oder wenn andere nicht erreicht werden.",
        },
      },
    ],
  }),
  codes: {
    ...texts("codes", {
      itemsMax: 100,
      label: { en: "Only these alarms", de: "Nur diese Alarme" },
      help: {
        en: "Codes of alarms, such as destination_failing. Empty: all.",
        de: "Codes von Alarmen, etwa destination_failing. Leer: alle.",
      },
      example: "entries_need_decision",
      advanced: true,
    }),
    check: checkCodes,
  },
  client: optionalText("client", {
    ...clientTexts,
    help: {
      en: "For agencies: is told of this client's sources and destinations alone. Empty: of everything.",
      de: "Für Agenturen: erfährt nur von Quellen und Zielen dieses Kunden. Leer: von allem.",
    },
    format: "client",
    advanced: true,
  }),
  quietHours: texts("quiet_hours", {
    format: "opening-rule",
    itemsMax: quietRulesMax,
    label: { en: "Quiet hours", de: "Ruhezeiten" },
    help: {
      en: "Nothing is told at these times (reporting time zone), e.g. mon-sun 22:00-07:00; it is told when they are over, unless it is by then.",
      de: "Zu diesen Zeiten wird nichts gemeldet (Zeitzone der Auswertungen), z. B. mo-so 22:00-07:00; gemeldet wird danach, wenn es dann noch so ist.",
    },
    example: "mon-sun 22:00-07:00",
    advanced: true,
  }),
  errorsWait: flag("errors_wait", {
    label: { en: "Errors wait, too", de: "Auch Fehler warten" },
    help: {
      en: "Without it errors are told during quiet hours, too.",
      de: "Sonst werden Fehler auch in den Ruhezeiten gemeldet.",
    },
    advanced: true,
  }),
  escalateTo: optionalText("escalate_to", {
    format: "name",
    label: { en: "Then tell", de: "Danach melden an" },
    help: {
      en: "Another recipient, by its name: is told when nobody acknowledges.",
      de: "Ein anderer Empfänger, mit seinem Namen: Er erfährt davon, wenn niemand bestätigt.",
    },
    example: "boss",
    advanced: true,
  }),
  escalateAfterMs: duration("escalate_after", {
    format: "duration-window",
    presetMs: escalateAfterPresetMs,
    label: { en: "If unacknowledged for", de: "Wenn unbestätigt seit" },
    help: {
      en: "How long it may stay unacknowledged after it was told.",
      de: "So lange darf es unbestätigt bleiben, nachdem es gemeldet wurde.",
    },
    example: "30m",
    advanced: true,
  }),
} as const;

export type RecipientSettings = SettingsOf<typeof ruleFields>;

/** A way to tell people something. */
export interface RecipientKind extends DeclaredKind {
  readonly tells: TellsPeople;
}

type Destinations = Pick<DeclaredKinds, "destinations">;

const made = new WeakMap<Destinations["destinations"], readonly RecipientKind[]>();

/** In the order of the kinds of destinations: those that can tell people something. */
export function recipientKinds({ destinations }: Destinations): readonly RecipientKind[] {
  const known = made.get(destinations);
  if (known !== undefined) return known;
  const found = destinations.flatMap((declared): RecipientKind[] => {
    const { tells } = declared;
    if (tells === undefined) return [];
    const own = tells.fields.flatMap((key): [string, Field<unknown>][] => {
      const field = declared.fields[key];
      return field === undefined ? [] : [[key, aboutAlerts(field)]];
    });
    const fields: Fields = { ...Object.fromEntries(own), ...ruleFields };
    return [{ kind: declared.kind, label: declared.label, help: channelHelp, fields, tells }];
  });
  made.set(destinations, found);
  return found;
}

const channelHelp: InBothLanguages = {
  en: "Alerts are told over this channel.",
  de: "Alarme werden über diesen Kanal gemeldet.",
};

const addressHelp: InBothLanguages = {
  en: "Where messages go. Whoever knows it may be able to write there, so it is never shown again.",
  de: "Wohin die Nachrichten gehen. Wer sie kennt, kann womöglich dorthin schreiben, deshalb wird sie nie wieder gezeigt.",
};

const openAddressHelp: InBothLanguages = {
  en: "Who gets the messages.",
  de: "Wer die Nachrichten bekommt.",
};

/** What a destination says of leads is said of messages here. */
function aboutAlerts(field: Field<unknown>): Field<unknown> {
  const { label, example, option } = field.texts;
  const texts = {
    label,
    help: field.isSealed ? addressHelp : openAddressHelp,
    ...(example === undefined ? {} : { example }),
    ...(option === undefined ? {} : { option }),
  };
  return field.isAddress === true || field.isClients === true ? { ...field, texts } : field;
}

function checkCodes(written: unknown, { note }: Parameters<NonNullable<Field<unknown>["check"]>>[1]): void {
  if (!Array.isArray(written)) return;
  for (const code of written)
    if (typeof code === "string" && !(urgency as readonly string[]).includes(code))
      note("problems", ["codes"], {
        code: "not_one_of",
        params: { found: code, allowed: [...urgency], suggestion: null },
      });
}

/** What of a recipient decides whether and when it is told. */
export function rulesOfRecipient(
  name: string,
  settings: RecipientSettings,
  state: { readonly isConfirmed: boolean; readonly isFailing: boolean },
): RecipientRules {
  const { severity, codes, client, quietHours, errorsWait, escalateTo, escalateAfterMs } = settings;
  return {
    name,
    severity,
    codes,
    client,
    quiet: quietHours.length === 0 ? null : openingHours(quietHours),
    errorsPass: !errorsWait,
    escalateTo,
    escalateAfterMs,
    isConfirmed: state.isConfirmed,
    isFailing: state.isFailing,
  };
}

export function languageOf({ language }: RecipientSettings): Language {
  return language;
}
