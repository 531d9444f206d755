// What happens while one looks: the server tells which kind of thing changed, and what is shown of it is read again.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { addressOf } from "./client.ts";

/** Topics of GET /events, and the first member of the keys of the queries that they make old. */
const concerns = {
  run: ["leads", "lead", "overview", "activity", "figures"],
  dlq: ["leads", "lead", "entries", "entry", "groups", "overview", "activity"],
  operation: ["operations"],
  configuration: ["sources", "destinations", "settings", "activity", "overview"],
  kpi: ["figures", "overview"],
  audit: ["log"],
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
  ],
} as const;

type Topic = keyof typeof concerns;

/** A rush of leads reads what is shown once a second, not once a lead. */
const gatherMs = 1_000;
/** A stream that the server ends comes again within this; what stays away for longer is an outage. */
const patienceMs = 3_000;
const reopenMs = 5_000;

/** false: the line is down, and what is shown may be old. */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [isConnected, setConnected] = useState(true);
  useEffect(() => {
    let stream: EventSource;
    let judging: number | undefined;
    let reopening: number | undefined;
    let wasDown = false;
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
    const connect = (): void => {
      stream = new EventSource(addressOf("/events"));
      for (const topic of Object.keys(concerns) as Topic[]) stream.addEventListener(topic, () => note(topic));
      stream.addEventListener("open", () => {
        setConnected(true);
        if (wasDown) void queries.invalidateQueries();
        wasDown = false;
      });
      stream.addEventListener("error", () => {
        wasDown = true;
        window.clearTimeout(judging);
        judging = window.setTimeout(() => setConnected(stream.readyState === EventSource.OPEN), patienceMs);
        // A broken line the browser mends by itself; an answer that says no, such as 503, is the end for it.
        if (stream.readyState === EventSource.CLOSED) reopening = window.setTimeout(connect, reopenMs);
      });
    };
    connect();
    return () => {
      stream.close();
      for (const each of [timer, judging, reopening]) window.clearTimeout(each);
    };
  }, [queries]);
  return isConnected;
}
