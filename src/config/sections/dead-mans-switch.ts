// The section `dead_mans_switch:` of leadledger.yaml: the address that is called while all works.
import type { SettingsOf } from "../fields/field.ts";
import { duration, flag } from "../fields/plain-fields.ts";
import { url } from "../fields/secret-fields.ts";
import { sectionOfFields } from "./declared-section.ts";

export const deadMansSwitchFields = {
  url: url("url", {
    description: "Called with GET as long as intake, a real commit and delivery work.",
    label: { en: "Address", de: "Adresse" },
    help: {
      en: "Of a service that raises an alarm when it is not called in time: Healthchecks, Uptime Kuma, Cronitor, Dead Man's Snitch.",
      de: "Von einem Dienst, der Alarm gibt, wenn der Aufruf ausbleibt: Healthchecks, Uptime Kuma, Cronitor, Dead Man's Snitch.",
    },
    example: "https://hc-ping.com/0f3c5a4e-…",
    // `--url` is that of a LeadLedger.
    option: { name: "address" },
  }),
  everyMs: duration("every", {
    format: "duration-call",
    presetMs: 60_000,
    description:
      "How often it is called. The service should wait for two or three calls before it raises the alarm.",
    label: { en: "Called every", de: "Aufruf alle" },
    help: {
      en: "The service should wait for two or three calls before it raises the alarm.",
      de: "Der Dienst sollte zwei bis drei Aufrufe abwarten, bevor er Alarm gibt.",
    },
    advanced: true,
    example: "1m",
  }),
  allowPrivate: flag("allow_private", {
    description: "May reach loopback and private addresses.",
    label: { en: "May reach internal addresses", de: "Darf interne Adressen erreichen" },
    help: {
      en: "For a service in your own network. One on the same machine notices nothing when the machine fails.",
      de: "Für einen Dienst im eigenen Netz. Einer auf demselben Rechner merkt nichts, wenn der Rechner ausfällt.",
    },
    advanced: true,
  }),
} as const;

export type DeadMansSwitch = SettingsOf<typeof deadMansSwitchFields>;

export const deadMansSwitchSection = sectionOfFields({
  name: "dead_mans_switch",
  label: { en: "Dead man's switch", de: "Totmannschalter" },
  description:
    "An address that is called again and again while intake, a real commit and delivery work: a node that is dead cannot say so itself.",
  fields: deadMansSwitchFields,
});
