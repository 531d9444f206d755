// The words of the form for a source, whatever its kind is, with those of each way to recognise duplicates.
import { clientTexts } from "./fields/client-field.ts";
import type { ChoiceWords, FieldWords, OptionWords } from "../domain/configuration/form-words.ts";

const within: FieldWords = {
  name: "key.body_hash",
  label: { en: "Within", de: "Binnen" },
  help: {
    en: "After that the same content is a new lead.",
    de: "Danach ist der gleiche Inhalt ein neuer Lead.",
  },
  example: "10m",
  preset: "10m",
};

const personWithin: FieldWords = {
  name: "same_person.within",
  label: { en: "Within", de: "Binnen" },
  help: {
    en: "An earlier lead counts that came at most so long before.",
    de: "Es zählt ein Lead, der höchstens so lange vorher kam.",
  },
  example: "30d",
  preset: "30d",
};

const silenceHolidays: FieldWords = {
  name: "silence.holidays",
  label: { en: "Public holidays of", de: "Feiertage von" },
  help: {
    en: "The federal state on whose public holidays nothing is expected, by its code: BY, NW, BE. Empty: only on those of all of Germany.",
    de: "Das Bundesland, an dessen Feiertagen nichts erwartet wird, mit seinem Kürzel: BY, NW, BE. Leer: nur an denen in ganz Deutschland.",
  },
  example: "NW",
};

const heartbeatEvery: FieldWords = {
  name: "heartbeat.every",
  label: { en: "Every", de: "Alle" },
  help: {
    en: "So often a test lead has to come and be processed.",
    de: "So oft muss ein Testlead ankommen und verarbeitet werden.",
  },
  example: "1d",
  preset: "1d",
};

const keyPreferred: OptionWords = {
  value: "header_preferred",
  label: { en: "By the header, else by the content", de: "Am Header, sonst am Inhalt" },
  help: {
    en: "Right for nearly everything. Without the header Idempotency-Key, the same content about the same person within some time is the same lead; a repeat that was not delivered shows on the lead. Content without a person is always a lead of its own.",
    de: "Fast immer das Richtige. Fehlt der Header Idempotency-Key, ist der gleiche Inhalt zu derselben Person binnen einer gewissen Zeit derselbe Lead; eine nicht zugestellte Wiederholung steht beim Lead. Inhalt ohne Person ist immer ein eigener Lead.",
  },
  fields: [within],
  members: { "key.header": "preferred" },
};

const keyInHeader: OptionWords = {
  value: "header",
  label: { en: "By the header Idempotency-Key alone", de: "Nur am Header Idempotency-Key" },
  help: {
    en: "The sender gives every lead a key of its own, and the same one when it sends the lead again. Without a key it is refused.",
    de: "Der Absender gibt jedem Lead eine eigene Kennung und dieselbe, wenn er den Lead noch einmal sendet. Ohne Kennung wird der Lead abgewiesen.",
  },
  fields: [],
};

const keyInBody: OptionWords = {
  value: "pointer",
  label: { en: "By a field of the lead", de: "An einem Feld des Leads" },
  help: {
    en: "A number or id that the sender gives every lead.",
    de: "Eine Nummer oder Kennung, die der Absender jedem Lead gibt.",
  },
  fields: [
    {
      name: "key.pointer",
      label: { en: "Field", de: "Feld" },
      help: {
        en: "Where it stands in the lead, as a JSON pointer.",
        de: "Wo es im Lead steht, als JSON-Pointer.",
      },
      example: "/lead_id",
    },
  ],
};

const sameBody: OptionWords = {
  value: "body_hash",
  label: { en: "By the same content", de: "Am gleichen Inhalt" },
  help: {
    en: "For senders that can do neither: the same content within some time is the same lead.",
    de: "Für Absender, die beides nicht können: Der gleiche Inhalt binnen einer gewissen Zeit ist derselbe Lead.",
  },
  fields: [within],
};

/** The choice among the kinds there are, which comes first. */
export const credentialsWords = {
  label: { en: "Credentials", de: "Zugangsdaten" },
  help: {
    en: "How the sender proves that it may send leads here.",
    de: "Wie der Absender nachweist, dass er hier Leads einliefern darf.",
  },
} as const;

export const sourceForm: readonly (FieldWords | ChoiceWords)[] = [
  {
    name: "label",
    label: { en: "Display name", de: "Anzeigename" },
    help: {
      en: "What people call it, with umlauts and spaces; it can be changed at any time. Empty: its name.",
      de: "Wie die Quelle für Menschen heißt, mit Umlauten und Leerzeichen; jederzeit zu ändern. Leer: ihr Name.",
    },
    example: "Kontaktformular Köln",
  },
  {
    name: "key",
    type: "alternatives",
    label: { en: "How duplicates are recognised", de: "Woran Dubletten erkannt werden" },
    help: {
      en: "So that a lead that is sent twice arrives once.",
      de: "Damit ein doppelt gesendeter Lead nur einmal ankommt.",
    },
    options: [keyPreferred, keyInHeader, keyInBody, sameBody],
    preset: "header_preferred",
  },
  {
    name: "to",
    type: "destinations",
    label: { en: "Destinations", de: "Ziele" },
    help: {
      en: "Where the leads go.",
      de: "Wohin die Leads gehen.",
    },
  },
  {
    name: "client",
    label: clientTexts.label,
    help: clientTexts.help,
    advanced: true,
    example: clientTexts.example,
  },
  {
    name: "person.email",
    label: { en: "E-mail address in the lead", de: "E-Mail-Adresse im Lead" },
    help: {
      en: "Where it stands, as a JSON pointer. If neither this nor the phone number is given, common German and English field names are recognised.",
      de: "Wo sie steht, als JSON-Pointer. Sind weder sie noch die Telefonnummer angegeben, werden gängige deutsche und englische Feldnamen erkannt.",
    },
    advanced: true,
    example: "/contact/email",
  },
  {
    name: "person.phone",
    label: { en: "Phone number in the lead", de: "Telefonnummer im Lead" },
    help: {
      en: "Where it stands, as a JSON pointer. If neither this nor the e-mail address is given, common German and English field names are recognised.",
      de: "Wo sie steht, als JSON-Pointer. Sind weder sie noch die E-Mail-Adresse angegeben, werden gängige deutsche und englische Feldnamen erkannt.",
    },
    advanced: true,
    example: "/contact/phone",
  },
  {
    name: "country",
    label: { en: "Country of phone numbers", de: "Land der Telefonnummern" },
    help: {
      en: "A number that says no country is read as one of this: DE, AT, CH and so on.",
      de: "Eine Nummer ohne Landesvorwahl gilt als Nummer dieses Landes: DE, AT, CH und so weiter.",
    },
    advanced: true,
    example: "AT",
  },
  {
    name: "map",
    type: "json",
    label: { en: "Where the lead's fields come from", de: "Woher die Felder des Leads kommen" },
    help: {
      en: 'Only what is not recognised by itself: {"first_name": "/contact/first"}, {"phones": {"all": ["/tel", "/mobile"]}}.',
      de: 'Nur, was nicht von selbst erkannt wird: {"first_name": "/kontakt/vorname"}, {"phones": {"all": ["/tel", "/mobil"]}}.',
    },
    advanced: true,
  },
  {
    name: "schema",
    type: "json",
    label: { en: "Rules for the content (JSON Schema)", de: "Regeln für den Inhalt (JSON Schema)" },
    help: {
      en: "A lead that does not fit is kept and needs attention; it is not delivered.",
      de: "Ein Lead, der nicht passt, wird aufbewahrt und zum Klärfall; zugestellt wird er nicht.",
    },
    advanced: true,
  },
  {
    name: "body_limit",
    label: { en: "Largest content", de: "Größter Inhalt" },
    help: {
      en: "Whatever is larger is refused. 1 kB is 1024 B.",
      de: "Was größer ist, wird abgewiesen. 1 kB sind 1024 B.",
    },
    advanced: true,
    example: "256kB",
  },
  {
    name: "rate_limit",
    label: { en: "Requests at most", de: "Höchstens so viele Anfragen" },
    help: {
      en: "Per second, minute or hour, on each node; whoever sends more is asked to come again later. Empty: no limit.",
      de: "Je Sekunde, Minute oder Stunde, auf jedem Knoten; wer mehr sendet, soll später wiederkommen. Leer: keine Grenze.",
    },
    advanced: true,
    example: "50/s",
  },
  {
    name: "paused",
    type: "boolean",
    label: { en: "Paused", de: "Angehalten" },
    help: {
      en: "Leads are taken and held, and delivered as soon as the source goes on.",
      de: "Leads werden angenommen und zurückgehalten; zugestellt werden sie, sobald die Quelle weiterläuft.",
    },
    advanced: true,
  },
  {
    name: "on_bad_credentials",
    type: "choice",
    label: { en: "Requests with wrong credentials", de: "Anfragen mit falschen Zugangsdaten" },
    help: {
      en: "Whoever sends them is told that they are wrong either way.",
      de: "Wer sie sendet, erfährt in jedem Fall, dass sie falsch sind.",
    },
    advanced: true,
    options: [
      {
        value: "reject",
        label: { en: "Turn away", de: "Abweisen" },
        help: {
          en: "They are counted, and nothing of them is kept.",
          de: "Sie werden gezählt; von ihrem Inhalt bleibt nichts.",
        },
        fields: [],
      },
      {
        value: "quarantine",
        label: { en: "Turn away and keep aside", de: "Abweisen und aufbewahren" },
        help: {
          en: "What came is kept for seven days, so that somebody can take it in after all.",
          de: "Was kam, wird sieben Tage aufbewahrt, sodass es sich nachträglich annehmen lässt.",
        },
        fields: [],
      },
    ],
  },
  {
    name: "on_key_reuse",
    type: "choice",
    label: { en: "Known key, other data", de: "Bekannte Kennung, andere Daten" },
    help: {
      en: "What becomes of it when a sender uses the key of a lead again and the data differ. Nothing of it is lost either way.",
      de: "Was geschieht, wenn ein Absender die Kennung eines Leads noch einmal verwendet und die Daten andere sind. Verloren geht in keinem Fall etwas.",
    },
    advanced: true,
    preset: "",
    options: [
      {
        value: "",
        label: { en: "As suits the kind of source", de: "Wie es zur Art der Quelle passt" },
        help: {
          en: "Refused with 422; but the first lead stands where the sender gives up after an error.",
          de: "Mit 422 abgelehnt; der erste Lead gilt aber weiter, wo der Absender nach einem Fehler aufgibt.",
        },
        fields: [],
      },
      {
        value: "reject",
        label: { en: "Refuse, a person decides", de: "Ablehnen, ein Mensch entscheidet" },
        help: {
          en: "The sender is told (422); the data wait under Needs attention.",
          de: "Der Absender erfährt es (422); die Daten werden zum Klärfall.",
        },
        fields: [],
      },
      {
        value: "keep_first",
        label: { en: "The first lead stands", de: "Der erste Lead gilt" },
        help: {
          en: "The sender is told that the lead is there (200); the other data are kept beside it and can be taken in later.",
          de: "Der Absender erfährt, dass der Lead da ist (200); die anderen Daten werden dazu aufbewahrt und lassen sich nachträglich annehmen.",
        },
        fields: [],
      },
      {
        value: "revision",
        label: { en: "It is a change of the lead", de: "Es ist eine Änderung des Leads" },
        help: {
          en: "For senders that send a lead again when it has changed: the newest data hold, and destinations get them as a change.",
          de: "Für Absender, die einen Lead noch einmal senden, wenn er sich geändert hat: Die neuesten Daten gelten, und die Ziele erhalten sie als Änderung.",
        },
        fields: [],
      },
    ],
  },
  {
    name: "silence",
    type: "alternatives",
    label: { en: "When nothing comes any more", de: "Wenn nichts mehr kommt" },
    help: {
      en: "When you are told that the source has fallen silent.",
      de: "Wann gemeldet wird, dass die Quelle verstummt ist.",
    },
    advanced: true,
    preset: "",
    options: [
      {
        value: "",
        label: { en: "By its own rhythm", de: "Nach ihrem eigenen Rhythmus" },
        help: {
          en: "LeadLedger learns what comes when, and tells you when it stays quiet for too long; by mere chance once a year at most.",
          de: "LeadLedger lernt, wann was kommt, und meldet sich, wenn es zu lange still bleibt; aus reinem Zufall höchstens einmal im Jahr.",
        },
        fields: [],
      },
      {
        value: "learned",
        label: { en: "By its rhythm, sooner or later", de: "Nach ihrem Rhythmus, früher oder später" },
        help: {
          en: "The more false alarms you put up with, the sooner you hear of an outage.",
          de: "Je mehr Fehlalarme Sie in Kauf nehmen, desto früher erfahren Sie von einem Ausfall.",
        },
        fields: [
          {
            name: "silence.false_alarms_per_year",
            type: "number",
            label: { en: "False alarms a year", de: "Fehlalarme im Jahr" },
            help: { en: "At most, by mere chance.", de: "Höchstens, aus reinem Zufall." },
            example: "1",
            preset: "1",
          },
          silenceHolidays,
        ],
      },
      {
        value: "at_least_one",
        label: { en: "After a fixed time", de: "Nach fester Zeit" },
        help: {
          en: "When no lead came for so long.",
          de: "Wenn so lange kein Lead kam.",
        },
        fields: [
          {
            name: "silence.at_least_one_per",
            label: { en: "At least one lead in", de: "Mindestens ein Lead in" },
            help: {
              en: "For eight hours 8h, for two days 2d.",
              de: "Für acht Stunden 8h, für zwei Tage 2d.",
            },
            example: "8h",
            preset: "8h",
          },
          {
            name: "silence.opening_hours",
            type: "texts",
            label: { en: "Only at these times", de: "Nur zu diesen Zeiten" },
            help: {
              en: "Other times do not count: mon-fri 08:00-18:00. Empty: all do.",
              de: "Andere Zeiten zählen nicht: mo-fr 08:00-18:00. Leer: Alle zählen.",
            },
            example: "mon-fri 08:00-18:00",
          },
          silenceHolidays,
        ],
      },
      {
        value: "off",
        label: { en: "Never", de: "Niemals" },
        help: {
          en: "For sources that bring something now and then, or only while a campaign runs.",
          de: "Für Quellen, die nur hin und wieder etwas bringen oder nur, solange eine Kampagne läuft.",
        },
        fields: [],
        members: { silence: "off" },
      },
    ],
  },
  {
    name: "heartbeat",
    type: "alternatives",
    label: { en: "Regular test leads", de: "Regelmäßige Testleads" },
    help: {
      en: "For sources that bring less than about one lead a day: their silence says little. Test leads are delivered and counted nowhere.",
      de: "Für Quellen, die weniger als etwa einen Lead am Tag bringen: Ihr Schweigen sagt wenig. Testleads werden zugestellt und nirgends gezählt.",
    },
    advanced: true,
    preset: "",
    options: [
      {
        value: "",
        label: { en: "None", de: "Keine" },
        help: { en: "Nothing is expected.", de: "Erwartet wird nichts." },
        fields: [],
      },
      {
        value: "leadledger",
        label: { en: "LeadLedger sends them", de: "LeadLedger sendet sie" },
        help: {
          en: "As this source would take them, to all its destinations. That shows that the way from here on is open, not that the form works.",
          de: "So, wie diese Quelle sie annähme, an alle ihre Ziele. Das zeigt, dass der Weg ab hier offen ist, nicht, dass das Formular geht.",
        },
        fields: [heartbeatEvery],
        members: { "heartbeat.sent_by": "leadledger" },
      },
      {
        value: "sender",
        label: { en: "Somebody else sends them", de: "Jemand anderes sendet sie" },
        help: {
          en: "You are told when none came: a lead whose sender marks it as a test, from the form itself or from a scheduled program.",
          de: "Gemeldet wird, wenn keiner kam: ein Lead, den sein Absender als Test kennzeichnet, aus dem Formular selbst oder aus einem Programm mit Zeitplan.",
        },
        fields: [heartbeatEvery],
        members: { "heartbeat.sent_by": "sender" },
      },
    ],
  },
  {
    name: "same_person",
    type: "alternatives",
    label: { en: "Somebody who sent a lead before", de: "Jemand, von dem schon ein Lead kam" },
    help: {
      en: "Recognised by e-mail address or phone number. The leads are linked either way, and none is merged or dropped.",
      de: "Erkannt an E-Mail-Adresse oder Telefonnummer. Verknüpft werden die Leads in jedem Fall; zusammengelegt oder weggelassen wird keiner.",
    },
    advanced: true,
    preset: "",
    options: [
      {
        value: "",
        label: { en: "Deliver as any lead", de: "Zustellen wie jeden Lead" },
        help: {
          en: "Who looks at the lead sees the others of the same person.",
          de: "Wer den Lead ansieht, sieht auch die anderen derselben Person.",
        },
        fields: [],
      },
      {
        value: "mark",
        label: { en: "Deliver and mark", de: "Zustellen und kennzeichnen" },
        help: {
          en: "The destination is told which earlier lead it is.",
          de: "Das Ziel erfährt, welcher Lead schon da war.",
        },
        fields: [personWithin],
        members: { "same_person.then": "mark" },
      },
      {
        value: "hold",
        label: { en: "Hold, a person decides", de: "Zurückhalten, ein Mensch entscheidet" },
        help: {
          en: "Nothing is sent before somebody releases the lead; or they withdraw its delivery.",
          de: "Gesendet wird erst, wenn jemand den Lead freigibt; oder die Zustellung wird zurückgezogen.",
        },
        fields: [personWithin],
        members: { "same_person.then": "hold" },
      },
    ],
  },
];
