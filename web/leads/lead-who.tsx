// Who a lead is about, where they are and what they want, as a row of a list shows it.
import { Text } from "@mantine/core";
import type { Lead } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import classes from "./leads.module.css";

export function LeadWho({ lead }: { readonly lead: Lead["lead"] }) {
  const text = useTexts(texts);
  if (lead === null)
    return (
      <Text component="span" size="sm" c="dimmed">
        {text.nobody}
      </Text>
    );
  const { name, company, email, phones } = lead;
  const contact = [email, ...phones].filter((each) => each !== null);
  const [who = text.unknown, ...others] = [name, company, ...contact].filter((each) => each !== null);
  return (
    <span className={classes.who}>
      <Text component="span" size="sm" fw={550} className={classes.whoLine ?? ""}>
        {who}
      </Text>
      {others.length === 0 ? null : (
        <Text component="span" size="xs" c="dimmed" className={classes.whoLine ?? ""}>
          {others.slice(0, othersMax).join(" · ")}
        </Text>
      )}
    </span>
  );
}

export function LeadPlace({ lead }: { readonly lead: Lead["lead"] }) {
  const place = [lead?.postal_code, lead?.town].filter((each) => each != null).join(" ");
  return place === "" ? "–" : place;
}

export function LeadConcern({ lead }: { readonly lead: Lead["lead"] }) {
  const concern = [lead?.product, lead?.message].filter((each) => each != null);
  return (
    <Text component="span" size="sm" className={classes.concern ?? ""}>
      {concern.length === 0 ? "–" : concern.join(": ")}
    </Text>
  );
}

const othersMax = 2;

const texts = {
  de: { nobody: "ohne Daten", unknown: "Unbekannt" },
  en: { nobody: "no data", unknown: "Unknown" },
};
