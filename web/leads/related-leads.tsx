// That the same person sent other leads around the same time, with the way to each.
import { Alert, Anchor, Group } from "@mantine/core";
import { Link } from "wouter";
import type { LeadStory } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";

export function RelatedLeads({ related }: { readonly related: LeadStory["related_runs"] }) {
  const text = useTexts(texts);
  if (related.length === 0) return null;
  return (
    <Alert color="blue" title={text.title(related.length)}>
      {text.why}
      <Group gap="md" mt="xs">
        {related.map(({ run_id: id, by }, index) => (
          <Anchor key={id} component={Link} href={`/leads/${id}`} size="sm" underline="always">
            {text.lead(index + 1)} ({text[by]})
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
    why: "Gleiche E-Mail-Adresse oder Telefonnummer, höchstens 30 Tage davor oder danach, oder so weit, wie eine Quelle zurückblickt. Jeder ist ein eigener Lead.",
    lead: (number: number) => `Lead ${number}`,
    email: "gleiche E-Mail",
    phone: "gleiches Telefon",
  },
  en: {
    title: (count: number) =>
      count === 1 ? "There is another lead of this person" : `There are ${count} other leads of this person`,
    why: "The same e-mail address or phone number, at most 30 days before or after, or as far as a source looks back. Each is a lead of its own.",
    lead: (number: number) => `Lead ${number}`,
    email: "same e-mail",
    phone: "same phone",
  },
};
