// What people are told about a code: what happened, whether the lead is safe, what to do, and who must do it. The answers
// to "is it safe" and "who" come from two closed sets, so that they read the same everywhere.

export const languages = ["en", "de"] as const;
export type Language = (typeof languages)[number];

export type Texts = Readonly<Record<Language, string>>;

/** What is said about one code. `title` has no full stop; the others are sentences. */
export interface ExplainedText {
  readonly title: string;
  readonly happened: string;
  readonly todo: string;
}

export interface Explained extends Readonly<Record<Language, ExplainedText>> {
  readonly safe: Safety;
  readonly who: Responsible;
}

export type Answers = readonly [title: string, happened: string, todo: string];

export function explained(
  safe: Safety,
  who: Responsible,
  { en, de }: Readonly<Record<Language, Answers>>,
): Explained {
  return { safe, who, en: textOf(en), de: textOf(de) };
}

function textOf([title, happened, todo]: Answers): ExplainedText {
  return { title, happened, todo };
}

/** Who has to do something about it. */
export const responsibles = {
  sender: {
    en: "Whoever looks after the form or the program that sends the leads",
    de: "Wer das Formular oder das Programm betreut, das die Leads sendet",
  },
  operator: {
    en: "Whoever operates LeadLedger",
    de: "Wer LeadLedger betreibt",
  },
  destination: {
    en: "Whoever looks after the destination, the CRM for example",
    de: "Wer das Ziel betreut, zum Beispiel das CRM",
  },
  sales: {
    en: "Sales: whoever takes care of the leads",
    de: "Der Vertrieb: wer sich um die Leads kümmert",
  },
  admin: {
    en: "Somebody with the role admin in LeadLedger",
    de: "Wer in LeadLedger die Rolle admin hat",
  },
  caller: {
    en: "You: whoever has just tried this",
    de: "Sie selbst: wer das eben versucht hat",
  },
  nobody: {
    en: "Nobody: it settles itself",
    de: "Niemand: Das erledigt sich von selbst",
  },
} as const satisfies Record<string, Texts>;

export type Responsible = keyof typeof responsibles;

export type Verdict = "yes" | "no" | "uncertain";

interface SafetyText {
  /** Also in the answer to whoever sent the request; empty where leads have nothing to do with it. */
  readonly brief: string;
  readonly more: string;
}

/** Whether the lead is safe. */
export const safeties = {
  not_stored: {
    verdict: "no",
    en: { brief: "The lead was not stored.", more: "It is safe only when the sender sends it again." },
    de: {
      brief: "Der Lead wurde nicht gespeichert.",
      more: "Sicher ist er erst, wenn der Absender ihn noch einmal sendet.",
    },
  },
  kept: {
    verdict: "yes",
    en: {
      brief: "The data are kept and need attention (DLQ).",
      more: "Nobody gets them as a lead until they are corrected.",
    },
    de: {
      brief: "Die Daten sind aufbewahrt und liegen bei den Klärfällen.",
      more: "Als Lead bekommt sie niemand, bis sie berichtigt sind.",
    },
  },
  aside: {
    verdict: "uncertain",
    en: {
      brief: "It is kept in the quarantine for seven days.",
      more: "It becomes a lead when somebody releases it; after that time it is gone.",
    },
    de: {
      brief: "Es liegt sieben Tage in der Quarantäne.",
      more: "Zum Lead wird es, wenn jemand es annimmt; nach dieser Zeit ist es gelöscht.",
    },
  },
  first_stands: {
    verdict: "yes",
    en: {
      brief: "The first lead stands. The second data are kept and need attention (DLQ).",
      more: "Nothing of either is lost.",
    },
    de: {
      brief: "Der erste Lead gilt weiter. Die zweiten Daten sind aufbewahrt und liegen bei den Klärfällen.",
      more: "Von beiden geht nichts verloren.",
    },
  },
  accepted_perhaps_gone: {
    verdict: "no",
    en: {
      brief: "Leads that were confirmed are missing.",
      more: "Their senders and destinations may still have them.",
    },
    de: {
      brief: "Es fehlen Leads, die schon bestätigt waren.",
      more: "Ihre Absender und Ziele haben sie vielleicht noch.",
    },
  },
  perhaps_stored: {
    verdict: "uncertain",
    en: {
      brief: "Whether a lead of this request was stored is not known; a repeat under the same key is safe.",
      more: "Everything that was acknowledged before is stored.",
    },
    de: {
      brief:
        "Ob ein Lead dieser Anfrage gespeichert ist, ist ungewiss; Wiederholen mit derselben Kennung ist gefahrlos.",
      more: "Alles, was vorher bestätigt wurde, ist gespeichert.",
    },
  },
  retried: {
    verdict: "yes",
    en: { brief: "The lead is stored.", more: "LeadLedger tries by itself to deliver it again." },
    de: {
      brief: "Der Lead ist gespeichert.",
      more: "LeadLedger versucht von selbst, ihn erneut zuzustellen.",
    },
  },
  retried_perhaps_arrived: {
    verdict: "yes",
    en: {
      brief: "The lead is stored, and may have reached the destination.",
      more: "LeadLedger tries again by itself; a destination that checks the number of a delivery recognises the repeat.",
    },
    de: {
      brief: "Der Lead ist gespeichert und vielleicht schon beim Ziel angekommen.",
      more: "LeadLedger versucht es von selbst noch einmal; ein Ziel, das die Nummer der Zustellung prüft, erkennt die Wiederholung.",
    },
  },
  waits: {
    verdict: "yes",
    en: {
      brief: "The lead is stored and waits.",
      more: "This destination does not get it until somebody has decided.",
    },
    de: {
      brief: "Der Lead ist gespeichert und wartet.",
      more: "Dieses Ziel bekommt ihn erst, wenn jemand entschieden hat.",
    },
  },
  incomplete: {
    verdict: "yes",
    en: {
      brief: "The lead is stored and waits for its data.",
      more: "Nothing of it is delivered before they are there, or somebody has it delivered as it is.",
    },
    de: {
      brief: "Der Lead ist gespeichert und wartet auf seine Daten.",
      more: "Zugestellt wird er erst, wenn sie da sind oder ihn jemand so zustellen lässt, wie er ist.",
    },
  },
  nothing_taken: {
    verdict: "no",
    en: { brief: "", more: "If a lead was sent this way, it was not stored." },
    de: { brief: "", more: "Wurde so ein Lead gesendet, ist er nicht gespeichert." },
  },
  reached_nobody: {
    verdict: "yes",
    en: { brief: "The leads are stored.", more: "But nobody gets them." },
    de: { brief: "Die Leads sind gespeichert.", more: "Aber niemand bekommt sie." },
  },
  never_came: {
    verdict: "uncertain",
    en: {
      brief: "What came is stored.",
      more: "Leads that never reached LeadLedger are missing; their senders may still have them.",
    },
    de: {
      brief: "Was ankam, ist gespeichert.",
      more: "Leads, die LeadLedger nie erreicht haben, fehlen; ihre Absender haben sie vielleicht noch.",
    },
  },
  unchanged: {
    verdict: "yes",
    en: { brief: "Nothing was changed.", more: "All leads are as they were." },
    de: { brief: "Es wurde nichts geändert.", more: "Alle Leads sind, wie sie waren." },
  },
  unchanged_and_waits: {
    verdict: "yes",
    en: { brief: "Nothing was changed.", more: "Leads that were meant for it are stored and wait." },
    de: {
      brief: "Es wurde nichts geändert.",
      more: "Leads, die dafür bestimmt waren, sind gespeichert und warten.",
    },
  },
  taken: {
    verdict: "yes",
    en: { brief: "The lead is stored.", more: "It is delivered like any other." },
    de: { brief: "Der Lead ist gespeichert.", more: "Er wird zugestellt wie jeder andere." },
  },
  unaffected: {
    verdict: "yes",
    en: { brief: "", more: "This concerns no lead." },
    de: { brief: "", more: "Leads sind davon nicht betroffen." },
  },
  old_settings_hold: {
    verdict: "yes",
    en: {
      brief: "What is stored stays stored.",
      more: "Until it is mended, the settings that held before go on; a LeadLedger that is just being started takes no leads until then.",
    },
    de: {
      brief: "Was gespeichert ist, bleibt gespeichert.",
      more: "Bis zur Berichtigung gelten die bisherigen Einstellungen weiter; ein LeadLedger, das gerade erst startet, nimmt bis dahin keine Leads an.",
    },
  },
  not_running: {
    verdict: "yes",
    en: {
      brief: "What is stored stays stored.",
      more: "But until LeadLedger runs, it takes no new leads, and senders have to send theirs again.",
    },
    de: {
      brief: "Was gespeichert ist, bleibt gespeichert.",
      more: "Solange LeadLedger nicht läuft, nimmt es aber keine neuen Leads an, und Absender müssen sie noch einmal senden.",
    },
  },
  accepted: {
    verdict: "yes",
    en: {
      brief: "Every lead that was accepted is safe.",
      more: "New ones are taken all the same, and wait on disk until the database is back.",
    },
    de: {
      brief: "Jeder angenommene Lead ist sicher.",
      more: "Neue werden trotzdem angenommen und warten auf der Platte, bis die Datenbank wieder da ist.",
    },
  },
  on_disk: {
    verdict: "yes",
    en: {
      brief: "Leads wait on the disk of this machine.",
      more: "They are encrypted and move into the database by themselves as soon as that is possible.",
    },
    de: {
      brief: "Leads warten auf der Platte dieses Rechners.",
      more: "Die Leads sind verschlüsselt und wandern von selbst in die Datenbank, sobald das möglich ist.",
    },
  },
  one_store_less: {
    verdict: "yes",
    en: {
      brief: "What is stored stays stored.",
      more: "But until this is mended, new leads are taken only while the database can be reached; senders are told when it cannot.",
    },
    de: {
      brief: "Was gespeichert ist, bleibt gespeichert.",
      more: "Bis das behoben ist, werden neue Leads aber nur angenommen, solange die Datenbank erreichbar ist; sonst erfährt es der Absender.",
    },
  },
  doubtful: {
    verdict: "uncertain",
    en: {
      brief: "What is stored stays stored.",
      more: "But the ledger contradicts itself about this lead: whether everybody got it has to be looked up.",
    },
    de: {
      brief: "Was gespeichert ist, bleibt gespeichert.",
      more: "Aber über diesen Lead widerspricht sich das Buch: Ob ihn alle bekommen haben, muss jemand nachsehen.",
    },
  },
  only_as_a_file: {
    verdict: "uncertain",
    en: {
      brief: "The data lie in a file beside the leads that wait.",
      more: "They are in no list until somebody has looked at them.",
    },
    de: {
      brief: "Die Daten liegen in einer Datei neben den wartenden Leads.",
      more: "Sie stehen in keiner Liste, bis jemand nachgesehen hat.",
    },
  },
} as const satisfies Record<string, { readonly verdict: Verdict } & Readonly<Record<Language, SafetyText>>>;

export type Safety = keyof typeof safeties;

const verdictWords = {
  yes: { en: "Yes.", de: "Ja." },
  no: { en: "No.", de: "Nein." },
  uncertain: { en: "That is not certain.", de: "Das ist ungewiss." },
} as const satisfies Record<Verdict, Texts>;

/** The whole answer to "is the lead safe". */
export function safetyAnswer(safe: Safety, language: Language): string {
  const { verdict } = safeties[safe];
  const { brief, more } = safeties[safe][language];
  return [verdictWords[verdict][language], brief, more].filter((text) => text !== "").join(" ");
}
