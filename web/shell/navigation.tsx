// The list of sections, with how many Klärfälle wait for a person.
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { get } from "../api/client.ts";
import { useSession } from "../api/session.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { sections } from "./sections.tsx";
import classes from "./shell.module.css";

interface Group {
  readonly need_decision: number;
}

export function Navigation() {
  const { language } = useLanguage();
  const { permissions } = useSession();
  const [location] = useLocation();
  const visible = sections.filter(({ needs }) => needs === undefined || permissions.includes(needs));
  return (
    <ul className={classes.navigation}>
      {visible.map(({ path, icon: Icon, name }) => (
        <li key={path}>
          <Link
            href={path}
            className={classes.link ?? ""}
            aria-current={isAt(location, path) ? "page" : undefined}
          >
            <Icon size={19} stroke={1.7} aria-hidden />
            {name[language]}
            {path === "/attention" ? <NeedDecision /> : null}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function isAt(location: string, path: string): boolean {
  return path === "/" ? location === "/" : location === path || location.startsWith(`${path}/`);
}

function NeedDecision() {
  const text = useTexts(texts);
  const { count } = useFormat();
  const groups = useQuery({
    queryKey: ["groups"],
    queryFn: () => get<{ readonly items: readonly Group[] }>("/dlq/groups"),
  });
  const waiting = groups.data?.items.reduce((sum, { need_decision }) => sum + need_decision, 0) ?? 0;
  if (waiting === 0) return null;
  return (
    <span className={classes.count} title={text.wait(waiting)}>
      {count(waiting)}
    </span>
  );
}

const texts = {
  de: { wait: (count: number) => `${count} ${count === 1 ? "wartet" : "warten"} auf eine Entscheidung` },
  en: { wait: (count: number) => `${count} ${count === 1 ? "waits" : "wait"} for a decision` },
};
