// What went wrong and what to do about it, in the words of people; for a group of cases as for one.
import { Anchor, Text } from "@mantine/core";
import { Link } from "wouter";
import { ofKnown } from "../../src/domain/attention/state-words.ts";
import { useErrorExplanations, useErrorTexts } from "../ui/error-texts.ts";
import type { Entry, EntryGroup } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { TechnicalDetails } from "../ui/technical-details.tsx";
import { useSourceName } from "../ui/source-name.ts";

export type Kind = Entry["kind"];

/** A lead that belongs to no source that shares its address: nothing is wrong with it, and it can be taken in. */
export function isUnrouted({ kind, error_code: code }: Pick<Cause, "kind" | "error_code">): boolean {
  return kind === "refused" && code === "page_unknown";
}

export type Cause = Pick<EntryGroup, "kind" | "destination" | "source" | "error_code">;

/** How many, and of what: "12 leads could not be delivered to crm". */
export function useHeadline(): (cause: Cause, count: number) => string {
  const text = useTexts(texts);
  const { count: number } = useFormat();
  const sourceName = useSourceName();
  return ({ destination, source, ...cause }, count) => {
    const asItIs = (_count: number, many: string): string => `${many} × ${cause.kind}`;
    const say = ofKnown<Headline>(text.headline, isUnrouted(cause) ? "unrouted" : cause.kind, asItIs);
    return say(count, number(count), destination ?? (source === null ? null : sourceName(source)));
  };
}

type Headline = (count: number, number: string, place: string | null) => string;

interface WhatHappenedProps {
  readonly code: string | null;
  /** As it was stored: English, with the particulars. */
  readonly reason: string;
}

/** The code's sentence in the reader's language, the particulars, and the way to the explanation. */
export function WhatHappened({ code, reason }: WhatHappenedProps) {
  const text = useTexts(texts);
  const explained = useErrorTexts()(code);
  const { isPending } = useErrorExplanations();
  return (
    <div>
      {explained === null ? null : (
        <Text>
          {explained.title}. {explained.what_happened}
        </Text>
      )}
      {explained === null && !(isPending && code !== null) ? <Text>{text.unknown}</Text> : null}
      {code === null ? null : (
        <Anchor component={Link} href={`/errors/${code}`} size="sm" underline="always">
          {text.about(code)}
        </Anchor>
      )}
      <TechnicalDetails stored={reason} />
    </div>
  );
}

interface WhatToDoProps {
  readonly cause: Cause;
  /** It will be tried again by itself. */
  readonly heals: boolean;
  readonly needsDecision: boolean;
}

export function WhatToDo({ cause, heals, needsDecision }: WhatToDoProps) {
  const text = useTexts(texts);
  const explained = useErrorTexts()(cause.error_code);
  const isSent = cause.kind === "delivery" || cause.kind === "replay";
  const byItself = needsDecision ? text.mend : heals ? text.heals : text.beingTried;
  const advice = isSent
    ? (explained?.what_to_do ?? byItself)
    : ofKnown<string>(text.todo, isUnrouted(cause) ? "unrouted" : cause.kind, byItself);
  return (
    <Text>
      <strong>{text.whatToDo}</strong> {advice}
    </Text>
  );
}

const texts = {
  de: {
    about: (code: string) => `Erklärung zu ${code}`,
    unknown: "Warum, steht in den technischen Einzelheiten.",
    whatToDo: "Was tun?",
    mend: "Beheben Sie die Ursache, dann stellen Sie erneut zu. Was der Empfänger schon auf anderem Weg bekommen hat, markieren Sie als erledigt.",
    heals:
      "Nichts: LeadLedger versucht es von selbst noch einmal. Ist die Ursache schon behoben, stellen Sie gleich erneut zu.",
    beingTried: "Nichts: Es wird in diesem Augenblick versucht.",
    todo: {
      delivery: "",
      replay: "",
      refused:
        "Berichtigen Sie die Daten, dann wird ein Lead daraus. Was kein Lead ist, verwerfen Sie. Kommen viele davon, muss das Formular oder das Programm beim Absender berichtigt werden.",
      unrouted:
        "Tragen Sie die Kennung bei der Quelle ein, der sie gehört, oder legen Sie dafür eine Quelle an, die über diese Adresse empfängt. Danach nehmen Sie die Leads an.",
      conflict:
        "Der erste Lead gilt. Sind die zweiten Daten ein eigener Lead, nehmen Sie sie als solchen an; sind sie sein neuerer Stand, stellen Sie sie als Änderung zu. Sonst markieren Sie den Klärfall als erledigt.",
      manual: "Er wurde von Hand eingetragen. Ist er geklärt, markieren Sie ihn als erledigt.",
    },
    headline: {
      delivery: (count: number, number: string, place: string | null) =>
        count === 1
          ? `1 Lead konnte nicht an „${place ?? "?"}“ zugestellt werden`
          : `${number} Leads konnten nicht an „${place ?? "?"}“ zugestellt werden`,
      replay: (count: number, number: string, place: string | null) =>
        count === 1
          ? `1 Lead konnte nicht noch einmal an „${place ?? "?"}“ zugestellt werden`
          : `${number} Leads konnten nicht noch einmal an „${place ?? "?"}“ zugestellt werden`,
      refused: (count: number, number: string, place: string | null) =>
        count === 1
          ? `1 Eingang von „${place ?? "?"}“ war unlesbar und ist aufbewahrt`
          : `${number} Eingänge von „${place ?? "?"}“ waren unlesbar und sind aufbewahrt`,
      unrouted: (count: number, number: string, place: string | null) =>
        count === 1
          ? `1 Lead an der Adresse von „${place ?? "?"}“ gehört zu keiner Quelle und ist aufbewahrt`
          : `${number} Leads an der Adresse von „${place ?? "?"}“ gehören zu keiner Quelle und sind aufbewahrt`,
      conflict: (count: number, number: string, place: string | null) =>
        count === 1
          ? `1 Eingang von „${place ?? "?"}“ kam mit anderen Daten unter einer schon benutzten Kennung`
          : `${number} Eingänge von „${place ?? "?"}“ kamen mit anderen Daten unter schon benutzten Kennungen`,
      manual: (count: number, number: string, place: string | null) =>
        `${count === 1 ? "1 Klärfall wurde" : `${number} Klärfälle wurden`} von Hand eingetragen${place === null ? "" : ` („${place}“)`}`,
    },
  },
  en: {
    about: (code: string) => `About ${code}`,
    unknown: "Why, stands in the technical details.",
    whatToDo: "What to do?",
    mend: "Mend the cause, then deliver again. What the recipient already got in another way, mark as settled.",
    heals:
      "Nothing: LeadLedger tries again by itself. If the cause is mended already, deliver again at once.",
    beingTried: "Nothing: it is being tried at this moment.",
    todo: {
      delivery: "",
      replay: "",
      refused:
        "Correct the data and they become a lead. What is no lead, discard. If many of them come, the form or the program at the sender's needs mending.",
      unrouted:
        "Enter the id at the source that it belongs to, or make a source for it that receives over this address. Then take the leads in.",
      conflict:
        "The first lead stands. If the second data are a lead of their own, take them in as one; if they are its newer state, deliver them as a change. Otherwise mark this as settled.",
      manual: "It was entered by hand. Once it is clear, mark it as settled.",
    },
    headline: {
      delivery: (count: number, number: string, place: string | null) =>
        `${count === 1 ? "1 lead" : `${number} leads`} could not be delivered to “${place ?? "?"}”`,
      replay: (count: number, number: string, place: string | null) =>
        `${count === 1 ? "1 lead" : `${number} leads`} could not be delivered once more to “${place ?? "?"}”`,
      refused: (count: number, number: string, place: string | null) =>
        count === 1
          ? `1 request from “${place ?? "?"}” was unreadable and is kept`
          : `${number} requests from “${place ?? "?"}” were unreadable and are kept`,
      unrouted: (count: number, number: string, place: string | null) =>
        count === 1
          ? `1 lead at the address of “${place ?? "?"}” belongs to no source and is kept`
          : `${number} leads at the address of “${place ?? "?"}” belong to no source and are kept`,
      conflict: (count: number, number: string, place: string | null) =>
        count === 1
          ? `1 request from “${place ?? "?"}” had other data under a key that was used already`
          : `${number} requests from “${place ?? "?"}” had other data under keys that were used already`,
      manual: (count: number, number: string, place: string | null) =>
        `${count === 1 ? "1 case was" : `${number} cases were`} entered by hand${place === null ? "" : ` (“${place}”)`}`,
    },
  },
};
