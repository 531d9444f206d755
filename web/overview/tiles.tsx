// The figures of today, each of which leads to what it counts.
import { Link } from "wouter";
import type { Overview } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { useCaseCount } from "../ui/case-count.ts";
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
  const cases = useCaseCount()(dlq);
  // Of many failed leads the API does not say what becomes of each: then they are all counted as open.
  const open = today.unfinished ?? today.being_delivered + today.failed;
  return [
    { name: text.received, value: count(received), href: leadsOfDay(day), hint: text.sinceMidnight },
    {
      name: text.delivered,
      value: count(today.delivered),
      href: leadsOfDay(day, "delivered"),
      hint: byHand === 0 ? "" : text.byHand(count(byHand)),
    },
    { name: text.unfinished, value: count(open), href: leadsOfDay(day, "unfinished"), hint: text.ofToday },
    {
      name: text.cases,
      value: count(dlq.need_decision),
      href: "/attention",
      hint: cases ?? text.noCases,
      isBad: dlq.need_decision > 0,
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
      hint: [
        text.ofFinished,
        ...(open === 0 ? [] : [text.stillOpen(count(open))]),
        ...(givenUp === null || givenUp === 0 ? [] : [text.givenUp(count(givenUp))]),
      ].join(", "),
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
    unfinished: "Noch offen",
    ofToday: "von den Leads von heute",
    cases: "Klärfälle",
    noCases: "keiner offen",
    nobody: "Ohne Ziel",
    successRate: "Erfolgsquote",
    ofFinished: "der abgeschlossenen",
    stillOpen: (count: string) => `noch offen: ${count}`,
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
    unfinished: "Still open",
    ofToday: "of today's leads",
    cases: "Needs attention",
    noCases: "nothing open",
    nobody: "Without destination",
    successRate: "Success rate",
    ofFinished: "of the finished ones",
    stillOpen: (count: string) => `still open: ${count}`,
    givenUp: (count: string) => `given up: ${count}`,
    processingTime: "Mean time",
    untilDelivered: "until delivered",
  },
};
