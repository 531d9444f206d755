// The list of sections, with how many cases wait for a person.
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { call } from "../api/client.ts";
import { useSession } from "../api/session.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage } from "../language/language.tsx";
import { useCaseCount } from "../ui/case-count.ts";
import { sections } from "./sections.tsx";
import classes from "./shell.module.css";

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
  const { count } = useFormat();
  const told = useCaseCount();
  const groups = useQuery({
    queryKey: ["groups"],
    queryFn: () => call("GET /dlq/groups"),
  });
  const items = groups.data?.items ?? [];
  const waiting = items.reduce((sum, { need_decision }) => sum + need_decision, 0);
  const open = items.reduce((sum, group) => sum + group.count, 0);
  if (waiting === 0) return null;
  return (
    <span className={classes.count} title={told({ need_decision: waiting, retrying: open - waiting }) ?? ""}>
      {count(waiting)}
    </span>
  );
}
