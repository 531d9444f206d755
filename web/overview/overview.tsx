// The first view: how things are today, what somebody should look at, and the last days as charts.
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import type { Overview as OverviewAnswer } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { LoadingView } from "../ui/loading.tsx";
import { NobodyIsTold, useIsAnybodyTold } from "../ui/nobody-is-told.tsx";
import { DayCharts } from "./day-charts.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { Standing } from "./standing.tsx";
import { Tiles } from "./tiles.tsx";
import { useBeginning } from "./use-beginning.ts";

/** Some things turn bad by themselves, without an event that would tell. */
const lookAgainMs = 60_000;
/** About as high as what comes. */
const loadingRows = 14;

export default function Overview() {
  const text = useTexts(texts);
  const overview = useQuery({
    queryKey: ["overview"],
    queryFn: ({ signal }) => call("GET /overview", { signal }),
    refetchInterval: lookAgainMs,
  });
  return (
    <Page title={text.title}>
      <QueryState query={overview} loadingRows={loadingRows}>
        {(known) => <Known overview={known} />}
      </QueryState>
    </Page>
  );
}

function Known({ overview }: { readonly overview: OverviewAnswer }) {
  const beginning = useBeginning(overview.today.received === 0);
  // What is said above the rest is awaited, or the rest would jump when it comes.
  if (useIsAnybodyTold() === undefined) return <LoadingView rows={loadingRows} />;
  return (
    <QueryState query={beginning} loadingRows={loadingRows}>
      {(begun) => (
        <>
          {begun.hasLead ? <NobodyIsTold /> : <FirstSteps beginning={begun} />}
          {begun.hasLead || overview.alarms.length > 0 ? <Standing overview={overview} /> : null}
          {begun.hasLead ? (
            <>
              <Tiles overview={overview} />
              <DayCharts today={overview.day} />
            </>
          ) : null}
        </>
      )}
    </QueryState>
  );
}

const texts = { de: { title: "Übersicht" }, en: { title: "Overview" } };
