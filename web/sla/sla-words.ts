// What a service level says, as one reads it.
import { measureWords } from "../../src/domain/sla/sla-words.ts";
import type { SlaState } from "../../src/domain/sla/judge-share.ts";
import type { Language } from "../language/languages.ts";
import { spokenHours } from "../language/opening-hours.ts";
import { spokenQuantity } from "../language/quantity.ts";
import type { Tone } from "../ui/tone.ts";
import type { Sla } from "./read-slas.ts";

export const toneOfState: Readonly<Record<SlaState, Tone>> = {
  met: "good",
  missed: "bad",
  too_few: "quiet",
  no_leads: "quiet",
};

export function agreedText(sla: Sla, language: Language, count: (value: number) => string): string {
  const { measure, share, within, source, destination, client, opening_hours: hours, holidays } = sla;
  const text = texts[language];
  return [
    measureWords[measure][language],
    ...(share === null ? [] : [text.share(share)]),
    ...(within === null ? [] : [text.within(spokenQuantity(within, language, count))]),
    ...(source === null ? [] : [text.source(source)]),
    ...(destination === null ? [] : [text.destination(destination)]),
    ...(client === null ? [] : [text.client(client)]),
    ...(hours === null ? [] : [hours.map((rule) => spokenHours(rule, language)).join("; ")]),
    ...(holidays === null ? [] : [text.holidays(holidays)]),
  ].join(" · ");
}

const texts = {
  de: {
    share: (share: string) => share.replace(".", ",").replace("%", " %"),
    within: (time: string) => `in ${time}`,
    source: (name: string) => `Quelle ${name}`,
    destination: (name: string) => `Ziel ${name}`,
    client: (name: string) => `Kunde ${name}`,
    holidays: (state: string) => `ohne Feiertage (${state})`,
  },
  en: {
    share: (share: string) => share.replace("%", " %"),
    within: (time: string) => `within ${time}`,
    source: (name: string) => `source ${name}`,
    destination: (name: string) => `destination ${name}`,
    client: (name: string) => `client ${name}`,
    holidays: (state: string) => `without holidays (${state})`,
  },
};
