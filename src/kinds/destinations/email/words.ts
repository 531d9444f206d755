// What a mail about a lead says around what the lead says.
export type MailLanguage = "de" | "en";

export interface MailWords {
  readonly lang: MailLanguage;
  readonly subject: (who: string, about: string | null) => string;
  readonly changedSubject: (who: string, about: string | null) => string;
  readonly nobody: string;
  readonly title: string;
  readonly changedTitle: string;
  readonly company: string;
  readonly email: string;
  readonly phone: string;
  readonly address: string;
  readonly about: string;
  readonly message: string;
  readonly answers: string;
  readonly consent: string;
  readonly given: string;
  readonly notGiven: string;
  readonly received: string;
  readonly at: (day: string, time: string) => string;
  readonly source: string;
  readonly campaign: string;
  readonly origin: string;
  readonly page: string;
  readonly open: string;
  readonly contacted: string;
  readonly again: string;
  readonly earlier: string;
  readonly reply: (name: string) => string;
  readonly footer: string;
  readonly yes: string;
  readonly no: string;
}

export const mailWords: Readonly<Record<MailLanguage, MailWords>> = {
  de: {
    lang: "de",
    subject: (who, about) => `Neuer Lead: ${who}${about === null ? "" : ` – ${about}`}`,
    changedSubject: (who, about) => `Geänderter Lead: ${who}${about === null ? "" : ` – ${about}`}`,
    nobody: "ohne Namen",
    title: "Neuer Lead",
    changedTitle: "Geänderter Lead",
    company: "Firma",
    email: "E-Mail",
    phone: "Telefon",
    address: "Anschrift",
    about: "Interesse",
    message: "Nachricht",
    answers: "Alle weiteren Angaben",
    consent: "Einwilligung",
    given: "erteilt",
    notGiven: "nicht erteilt",
    received: "Eingegangen",
    at: (day, time) => `${day}, ${time} Uhr`,
    source: "Quelle",
    campaign: "Kampagne",
    origin: "Herkunft",
    page: "Seite",
    open: "Lead in LeadLedger öffnen",
    contacted: "Als kontaktiert vermerken",
    again: "Diese Person hat schon einmal angefragt.",
    earlier: "Früherer Lead",
    reply: (name) => `Antworten Sie auf diese E-Mail, geht Ihre Antwort an ${name}.`,
    footer: "Automatisch gesendet von LeadLedger",
    yes: "Ja",
    no: "Nein",
  },
  en: {
    lang: "en",
    subject: (who, about) => `New lead: ${who}${about === null ? "" : ` – ${about}`}`,
    changedSubject: (who, about) => `Changed lead: ${who}${about === null ? "" : ` – ${about}`}`,
    nobody: "no name",
    title: "New lead",
    changedTitle: "Changed lead",
    company: "Company",
    email: "E-mail",
    phone: "Phone",
    address: "Address",
    about: "Interested in",
    message: "Message",
    answers: "Everything else that was entered",
    consent: "Consent",
    given: "given",
    notGiven: "not given",
    received: "Received",
    at: (day, time) => `${day}, ${time}`,
    source: "Source",
    campaign: "Campaign",
    origin: "Came from",
    page: "Page",
    open: "Open the lead in LeadLedger",
    contacted: "Mark as contacted",
    again: "This person has asked before.",
    earlier: "Earlier lead",
    reply: (name) => `If you reply to this e-mail, your reply goes to ${name}.`,
    footer: "Sent automatically by LeadLedger",
    yes: "Yes",
    no: "No",
  },
};
