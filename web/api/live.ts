// What happens while one looks: the server tells which kind of thing changed, and what is shown of it is read again.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { hearLive } from "./live-tab.ts";
import type { Topic } from "./live-stream.ts";

/** By topic, the first member of the keys of the queries that they make old. */
const concerns = {
  run: ["leads", "lead", "overview", "activity", "figures"],
  dlq: ["leads", "lead", "entries", "entry", "groups", "overview", "activity"],
  operation: ["operations"],
  configuration: ["alerts", "sla", "sources", "destinations", "settings", "activity", "overview"],
  kpi: ["figures", "overview"],
  audit: ["log", "quarantine"],
  many: [
    "leads",
    "lead",
    "entries",
    "entry",
    "groups",
    "overview",
    "activity",
    "figures",
    "operations",
    "log",
    "quarantine",
  ],
} as const satisfies Readonly<Record<Topic, readonly string[]>>;

/** A rush of leads reads what is shown once a second, not once a lead. */
const gatherMs = 1_000;

/** false: the line is down, and what is shown may be old. */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [isConnected, setConnected] = useState(true);
  useEffect(() => {
    const old = new Set<string>();
    let timer: number | undefined;
    const renew = (): void => {
      timer = undefined;
      for (const name of [...old]) {
        // What is on its way is not broken off, or a slow answer would never come while leads pour in.
        if (queries.isFetching({ queryKey: [name] }) > 0) continue;
        old.delete(name);
        void queries.invalidateQueries({ queryKey: [name] });
      }
      if (old.size > 0) timer = window.setTimeout(renew, gatherMs);
    };
    const note = (topic: Topic): void => {
      for (const name of concerns[topic]) old.add(name);
      timer ??= window.setTimeout(renew, gatherMs);
    };
    const end = hearLive((news) => {
      switch (news.kind) {
        case "topic":
          note(news.topic);
          break;
        case "up":
          setConnected(true);
          if (news.missed) void queries.invalidateQueries();
          break;
        case "down":
          setConnected(false);
          break;
        case "refused":
          // Somebody has signed out in another tab, perhaps: then this one shows the sign-in form, too.
          void queries.invalidateQueries({ queryKey: ["session"] });
      }
    });
    return () => {
      end();
      window.clearTimeout(timer);
    };
  }, [queries]);
  return isConnected;
}
