// A lead as one reads it: its members in the vocabulary that all sources share, as far as it says anything.
import { Anchor, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { LeadStory } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { Facts } from "../ui/facts.tsx";
import classes from "./leads.module.css";

export type LeadInWords = NonNullable<LeadStory["lead"]>;

interface LeadWordsProps {
  readonly lead: LeadInWords;
  readonly isRevealed: boolean;
}

export function LeadWords({ lead, isRevealed }: LeadWordsProps) {
  const text = useTexts(texts);
  const facts = [...whoFacts(lead, isRevealed, text), ...whatFacts(lead, text)];
  return facts.length === 0 ? <Text size="sm">{text.nothing}</Text> : <Facts isNarrow facts={facts} />;
}

type Fact = readonly [string, ReactNode];
type Words = (typeof texts)["de"];

function whoFacts(lead: LeadInWords, isRevealed: boolean, text: Words): Fact[] {
  const { email, phones } = lead;
  const name = [lead.salutation, lead.title, lead.name].filter((part) => part !== null).join(" ");
  const town = [lead.postal_code, lead.town].filter((part) => part !== null).join(" ");
  const address = [lead.street, town, lead.country].filter((part) => part !== null && part !== "");
  return [
    ...(name === "" ? [] : [[text.name, <strong key="name">{name}</strong>] as const]),
    ...said(text.company, lead.company),
    ...(email === null
      ? []
      : [[text.email, <Value key="email" scheme={isRevealed ? "mailto" : null} value={email} />] as const]),
    ...(phones.length === 0
      ? []
      : [
          [
            text.phone,
            phones.map((phone) => <Value key={phone} scheme={isRevealed ? "tel" : null} value={phone} />),
          ] as const,
        ]),
    ...said(text.address, address.length === 0 ? null : address.join("\n")),
  ];
}

function whatFacts(lead: LeadInWords, text: Words): Fact[] {
  const { consent, utm, click_ids: clickIds } = lead;
  const given = consent?.given == null ? text.notSaid : consent.given ? text.given : text.notGiven;
  const tracking = Object.entries({ ...utm, ...clickIds }).map(([name, value]) => `${name}: ${value}`);
  return [
    ...said(text.product, lead.product),
    ...said(text.message, lead.message),
    ...said(
      text.consent,
      consent === null ? null : [given, consent.text, consent.at].filter((part) => part !== null).join("\n"),
    ),
    ...said(text.form, lead.form),
    ...said(text.page, lead.page),
    ...said(text.campaign, lead.campaign),
    ...said(text.language, lead.language),
    ...said(text.tracking, tracking.length === 0 ? null : tracking.join("\n")),
  ];
}

function said(label: string, value: string | null): Fact[] {
  return value === null ? [] : [[label, <Value key={label} scheme={null} value={value} />]];
}

/** What is masked leads nowhere. */
function Value({ value, scheme }: { readonly value: string; readonly scheme: "mailto" | "tel" | null }) {
  return (
    <div className={classes.value}>
      {scheme === null ? (
        value
      ) : (
        <Anchor href={`${scheme}:${value.replaceAll(/\s/g, "")}`} underline="always">
          {value}
        </Anchor>
      )}
    </div>
  );
}

const texts = {
  de: {
    name: "Name",
    company: "Firma",
    email: "E-Mail",
    phone: "Telefon",
    address: "Anschrift",
    product: "Produkt",
    message: "Nachricht",
    consent: "Einwilligung",
    given: "erteilt",
    notGiven: "nicht erteilt",
    notSaid: "keine Angabe, ob erteilt",
    form: "Formular",
    page: "Seite",
    campaign: "Kampagne",
    language: "Sprache",
    tracking: "Herkunft",
    nothing: "Kein Feld wurde erkannt. Unten steht alles, was gesendet wurde.",
  },
  en: {
    name: "Name",
    company: "Company",
    email: "E-mail",
    phone: "Phone",
    address: "Address",
    product: "Product",
    message: "Message",
    consent: "Consent",
    given: "given",
    notGiven: "not given",
    notSaid: "not said whether given",
    form: "Form",
    page: "Page",
    campaign: "Campaign",
    language: "Language",
    tracking: "Origin",
    nothing: "No field was recognised. Below stands everything that was sent.",
  },
};
