// What every kind of destination that sends declares alike: patience, how many at once, and which network it may reach.
import type { Checking, Fields } from "../../config/fields/field.ts";
import {
  count,
  duration,
  durations,
  flag,
  group,
  optionalText,
  texts,
} from "../../config/fields/plain-fields.ts";
import { openingHours, ruleProblem } from "../../domain/calendar/opening-hours.ts";
import { readSendLimits } from "../../domain/destinations/send-limits.ts";
import { whenField } from "./map-fields.ts";
import { defaultConcurrency, defaultRetry, defaultTimeoutMs } from "../../domain/destinations/destination.ts";

const retriesMax = 20;
const concurrencyMax = 1_000;

const retry = group(
  "retry",
  {
    fastMs: durations("fast", {
      format: "duration-retry",
      presetMs: defaultRetry.fastMs,
      itemsMax: retriesMax,
      itemDescription: "A delay, e.g. 5m.",
      description: "Delays after the first attempt, before the lead needs attention.",
      label: { en: "First repeats", de: "Erste Wiederholungen" },
      help: {
        en: "Pauses after the first attempt, before the lead needs attention.",
        de: "Pausen nach dem ersten Versuch, bevor ein Klärfall daraus wird.",
      },
      advanced: true,
      example: "5s",
      option: { text: { en: "pauses at first, e.g. 1s,5s", de: "Pausen am Anfang, z. B. 1s,5s" } },
    }),
    slowMs: durations("slow", {
      format: "duration-retry",
      presetMs: defaultRetry.slowMs,
      itemsMax: retriesMax,
      itemDescription: "A delay, e.g. 5m.",
      description: "Delays from then on; after the last one it is given up.",
      label: { en: "Later repeats", de: "Spätere Wiederholungen" },
      help: {
        en: "Pauses from then on; after the last one the lead is given up.",
        de: "Pausen von da an; nach der letzten wird es nicht mehr versucht.",
      },
      advanced: true,
      example: "30m",
      option: {
        text: { en: "pauses from then on, e.g. 1m,5m,2h", de: "Pausen danach, z. B. 1m,5m,2h" },
      },
    }),
  },
  { title: { en: "pauses", de: "Pausen" } },
);

export const sendingFields = {
  timeoutMs: duration("timeout", {
    format: "duration-timeout",
    presetMs: defaultTimeoutMs,
    description: "Longest attempt, 100ms to 5m.",
    label: { en: "Longest attempt", de: "Längster Versuch" },
    help: {
      en: "A receiver that has not answered by then is tried again later.",
      de: "Antwortet der Empfänger bis dahin nicht, wird es später erneut versucht.",
    },
    advanced: true,
    example: "10s",
    option: {
      text: { en: "longest attempt, e.g. 10s", de: "längster Versuch, z. B. 10s" },
      title: { en: "longest attempt", de: "längster Versuch" },
    },
  }),
  concurrency: count("concurrency", {
    min: 1,
    max: concurrencyMax,
    preset: defaultConcurrency,
    description: "Deliveries under way at once, per node.",
    label: { en: "Deliveries at once", de: "Gleichzeitige Zustellungen" },
    help: {
      en: "On each node. Fewer spare a receiver that is slow.",
      de: "Auf jedem Knoten. Weniger schonen einen langsamen Empfänger.",
    },
    advanced: true,
    option: {
      text: { en: "deliveries at once, per node", de: "Zustellungen zugleich, je Knoten" },
      title: { en: "at once", de: "zugleich" },
    },
  }),
  limits: {
    ...texts("limits", {
      format: "send-limit",
      itemsMax: 3,
      description:
        "At most so many attempts per second, minute and day, of all nodes together; what is over waits, and no attempt of it is counted. Days are those of the reporting time zone.",
      label: { en: "Limits", de: "Grenzen" },
      help: {
        en: "At most so many attempts per second, minute and day: 5/s, 100/m, 2000/d. What is over waits until more may be sent.",
        de: "Höchstens so viele Versuche pro Sekunde, Minute und Tag: 5/s, 100/m, 2000/d. Was darüber ist, wartet, bis wieder gesendet werden darf.",
      },
      example: "5/s",
      advanced: true,
      option: {
        text: {
          en: "at most so many attempts, e.g. 5/s,2000/d",
          de: "höchstens so viele Versuche, z. B. 5/s,2000/d",
        },
        title: { en: "limits", de: "Grenzen" },
      },
    }),
    check: (written: unknown, { note }: Checking) => {
      if (Array.isArray(written) && readSendLimits(written.map(String)) === "repeated")
        note("problems", ["limits"], { code: "send_limits_repeated", params: {} });
    },
  },
  openingHours: {
    ...texts("opening_hours", {
      format: "opening-rule",
      itemsMax: 20,
      description:
        "Leads are sent at these times only (reporting time zone), e.g. mon-fri 08:00-18:00; none: always. What comes at other times waits, and no attempt of it is counted.",
      label: { en: "Opening hours", de: "Öffnungszeiten" },
      help: {
        en: "Leads are sent at these times only: mon-fri 08:00-18:00. Whatever comes at other times waits. Empty: always.",
        de: "Leads gehen nur zu diesen Zeiten hinaus: mo-fr 08:00-18:00. Was zu anderen Zeiten kommt, wartet. Leer: immer.",
      },
      example: "mon-fri 08:00-18:00",
      advanced: true,
      option: {
        text: {
          en: "leads are sent at these times only, e.g. 'mon-fri 08:00-18:00'",
          de: "Leads gehen nur zu diesen Zeiten hinaus, z. B. 'mo-fr 08:00-18:00'",
        },
        title: { en: "opening hours", de: "Öffnungszeiten" },
      },
    }),
    check: (written: unknown, { note }: Checking) => {
      const rules = Array.isArray(written) ? written.map(String) : [];
      if (rules.length === 0 || rules.some((rule) => ruleProblem(rule) !== null)) return;
      if (openingHours(rules).days.every((spans) => spans.length === 0))
        note("problems", ["opening_hours"], { code: "opening_hours_never", params: {} });
    },
  },
  holidays: optionalText("holidays", {
    format: "german-state",
    description:
      "Code of the German federal state on whose public holidays it is not open, e.g. BY; with opening_hours.",
    label: { en: "Public holidays of", de: "Feiertage von" },
    help: {
      en: "The federal state on whose public holidays it is not open, by its code: BY, NW, BE. It goes with opening hours.",
      de: "Das Bundesland, an dessen Feiertagen nicht geöffnet ist, mit seinem Kürzel: BY, NW, BE. Gilt zusammen mit den Öffnungszeiten.",
    },
    example: "BY",
    advanced: true,
    option: {
      text: {
        en: "federal state whose public holidays are kept, e.g. BY",
        de: "Bundesland, dessen Feiertage gelten, z. B. BY",
      },
      title: { en: "public holidays of", de: "Feiertage von" },
      placeholder: "state",
    },
  }),
  paused: flag("paused", {
    description: "Deliveries wait, nothing is sent.",
    label: { en: "Paused", de: "Angehalten" },
    help: { en: "Deliveries wait, nothing is sent.", de: "Zustellungen warten, nichts wird gesendet." },
    advanced: true,
    option: { text: { en: "deliveries wait", de: "Zustellungen warten" } },
  }),
  allowPrivate: flag("allow_private", {
    description: "May reach loopback and private addresses (an on-premises CRM).",
    label: { en: "May reach internal addresses", de: "Darf interne Adressen erreichen" },
    help: {
      en: "For a receiver on this machine or in your own network.",
      de: "Für einen Empfänger auf diesem Rechner oder im eigenen Netz.",
    },
    advanced: true,
    option: {
      text: {
        en: "may reach loopback and private addresses",
        de: "darf Loopback und private Adressen erreichen",
      },
      title: { en: "private addresses", de: "private Adressen" },
      on: { en: "allowed", de: "erlaubt" },
    },
  }),
  caFile: optionalText("ca_file", {
    description:
      "PEM file with the certificate authorities to trust instead of the public ones; read for each connection.",
    label: { en: "Certificate authorities (PEM file)", de: "Zertifizierungsstellen (PEM-Datei)" },
    help: {
      en: "For a receiver with a certificate of your own authority: the path of its PEM file on each machine that LeadLedger runs on. It takes the place of the public authorities and is read for each connection.",
      de: "Für einen Empfänger mit einem Zertifikat Ihrer eigenen Zertifizierungsstelle: der Pfad ihrer PEM-Datei auf jedem Rechner, auf dem LeadLedger läuft. Sie gilt anstelle der öffentlichen Stellen und wird für jede Verbindung gelesen.",
    },
    example: "/etc/leadledger/ca.pem",
    advanced: true,
    option: {
      text: {
        en: "PEM file with the certificate authorities to trust instead of the public ones; on every node",
        de: "PEM-Datei mit den Zertifizierungsstellen, die anstelle der öffentlichen gelten; auf jedem Knoten",
      },
      title: { en: "certificate authorities", de: "Zertifizierungsstellen" },
      placeholder: "path",
    },
  }),
  retry,
  when: whenField,
} as const;

/** After a kind's own fields; whether it is paused comes last. */
export const sendingFormOrder = [
  "timeoutMs",
  "concurrency",
  "limits",
  "openingHours",
  "holidays",
  "retry",
  "allowPrivate",
  "caFile",
  "when",
  "paused",
] as const satisfies readonly (keyof typeof sendingFields)[];

export type SendingFields = typeof sendingFields & Fields;
