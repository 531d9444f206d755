// That the same person sent other leads around the same time, with the way to each.
import { Alert, Anchor, Group } from "@mantine/core";
import { Link } from "wouter";
import { ofKnown } from "../../src/domain/attention/state-words.ts";
import type { LeadStory } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";

interface RelatedLeadsProps {
  readonly related: LeadStory["related_runs"];
  readonly withinDays: number;
}

export function RelatedLeads({ related, withinDays }: RelatedLeadsProps) {
  const text = useTexts(texts);
  if (related.length === 0) return null;
  return (
    <Alert color="blue" title={text.title(related.length)}>
      {text.why(withinDays)}
      <Group gap="md" mt="xs">
        {related.map(({ run_id: id, by }, index) => (
          <Anchor key={id} component={Link} href={`/leads/${id}`} size="sm" underline="always">
            {text.lead(index + 1)} ({ofKnown<string>({ email: text.email, phone: text.phone }, by, by)})
          </Anchor>
        ))}
      </Group>
    </Alert>
  );
}

const texts = {
  de: {
    title: (count: number) =>
      count === 1
        ? "Von dieser Person gibt es noch einen Lead"
        : `Von dieser Person gibt es ${count} weitere Leads`,
    why: (days: number) =>
      `Gleiche E-Mail-Adresse oder Telefonnummer, höchstens ${days} Tage davor oder danach. Jeder ist ein eigener Lead.`,
    lead: (number: number) => `Lead ${number}`,
    email: "gleiche E-Mail",
    phone: "gleiches Telefon",
  },
  en: {
    title: (count: number) =>
      count === 1 ? "There is another lead of this person" : `There are ${count} other leads of this person`,
    why: (days: number) =>
      `The same e-mail address or phone number, at most ${days} days before or after. Each is a lead of its own.`,
    lead: (number: number) => `Lead ${number}`,
    email: "same e-mail",
    phone: "same phone",
  },
};
