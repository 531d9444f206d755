// The figures of today, each of which leads to what it counts.
import { Link } from "wouter";
import type { Overview } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import classes from "./overview.module.css";
import { leadsOfDay } from "./list-paths.ts";

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly hint?: string;
  readonly href: string;
  readonly isBad?: boolean;
}

export function Tiles({ overview }: { readonly overview: Overview }) {
  const text = useTexts(texts);
  return (
    <section aria-label={text.today}>
      <ul className={classes.tiles}>
        {useTiles(overview).map(({ name, value, hint, href, isBad = false }) => (
          <li key={name}>
            <Link href={href} className={`${classes.tile ?? ""} ${isBad ? (classes.alert ?? "") : ""}`}>
              <span className={classes.name}>{name}</span>
              <span className={classes.number}>{value}</span>
              <span className={classes.hint}>{hint}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function useTiles({ today, dlq, day }: Overview): readonly Tile[] {
  const text = useTexts(texts);
  const { count, percent, span } = useFormat();
  const { received, resolved_by_hand: byHand, given_up: givenUp, avg_processing_ms: averageMs } = today;
  // Of many failed leads the API does not say what becomes of each.
  const ofFailed = (value: number | null): string => (value === null ? "–" : count(value));
  const tooMany = today.retrying === null ? { hint: text.failed(count(today.failed)) } : {};
  return [
    { name: text.received, value: count(received), href: leadsOfDay(day), hint: text.sinceMidnight },
    {
      name: text.delivered,
      value: count(today.delivered),
      href: leadsOfDay(day, "delivered"),
      hint: byHand === 0 ? "" : text.byHand(count(byHand)),
    },
    { name: text.beingDelivered, value: count(today.being_delivered), href: leadsOfDay(day, "accepted") },
    { name: text.retrying, value: ofFailed(today.retrying), href: leadsOfDay(day, "retrying"), ...tooMany },
    {
      name: text.needDecision,
      value: ofFailed(today.need_decision),
      href: leadsOfDay(day, "needs_decision"),
      hint: text.openInAll(count(dlq.need_decision)),
      isBad: (today.need_decision ?? 0) > 0,
    },
    {
      name: text.nobody,
      value: count(today.no_destination),
      href: leadsOfDay(day, "no_destination"),
      isBad: today.no_destination > 0,
    },
    {
      name: text.successRate,
      value: today.success_rate === null ? "–" : percent(today.success_rate),
      href: "/figures",
      hint: givenUp === null || givenUp === 0 ? "" : text.givenUp(count(givenUp)),
    },
    {
      name: text.processingTime,
      value: averageMs === null ? "–" : span(averageMs),
      href: "/figures",
      hint: text.untilDelivered,
    },
  ];
}

const texts = {
  de: {
    today: "Zahlen von heute",
    sinceMidnight: "seit Mitternacht",
    received: "Eingegangen",
    delivered: "Zugestellt",
    byHand: (count: string) => `dazu von Hand erledigt: ${count}`,
    beingDelivered: "In Zustellung",
    retrying: "Wird erneut versucht",
    failed: (count: string) => `noch nicht zugestellt: ${count}`,
    needDecision: "Klärung nötig",
    openInAll: (count: string) => `an allen Tagen: ${count}`,
    nobody: "An niemanden zugestellt",
    successRate: "Erfolgsquote",
    givenUp: (count: string) => `aufgegeben: ${count}`,
    processingTime: "Mittlere Dauer",
    untilDelivered: "bis zur Zustellung",
  },
  en: {
    today: "Figures of today",
    sinceMidnight: "since midnight",
    received: "Received",
    delivered: "Delivered",
    byHand: (count: string) => `also settled by hand: ${count}`,
    beingDelivered: "Being delivered",
    retrying: "Retrying",
    failed: (count: string) => `not delivered yet: ${count}`,
    needDecision: "Needs a decision",
    openInAll: (count: string) => `of all days: ${count}`,
    nobody: "Delivered to nobody",
    successRate: "Success rate",
    givenUp: (count: string) => `given up: ${count}`,
    processingTime: "Mean time",
    untilDelivered: "until delivered",
  },
};
