// The newest lead of a source, as it arrives; before the first one, that it is awaited.
import { Loader, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useTexts } from "../language/language.tsx";
import classes from "../sources-and-destinations/managed-parts.module.css";
import { LeadSteps } from "../sources-and-destinations/lead-steps.tsx";
import { QueryState } from "../ui/query-state.tsx";

export function NewestLead({ source }: { readonly source: string }) {
  const text = useTexts(texts);
  const newest = useQuery({
    queryKey: ["leads", "newest", source],
    queryFn: ({ signal }) => call("GET /runs", { query: { source, limit: 1, names: false }, signal }),
  });
  return (
    <QueryState query={newest} loadingRows={3}>
      {({ items: [lead] }) =>
        lead === undefined ? (
          <div className={classes.waiting} role="status">
            <Loader size="sm" aria-hidden />
            <div>
              <Text fw={550}>{text.waiting}</Text>
              <Text size="sm" c="dimmed">
                {text.waitingHow}
              </Text>
            </div>
          </div>
        ) : (
          <div>
            <Text fw={550} mb="xs">
              {text.newest}
            </Text>
            <LeadSteps key={lead.run_id} runId={lead.run_id} />
          </div>
        )
      }
    </QueryState>
  );
}

const texts = {
  de: {
    waiting: "Warten auf den ersten Lead …",
    waitingHow:
      "Sobald einer kommt, erscheint er hier von selbst. Was abgewiesen wird, steht mit dem Grund auf dieser Seite.",
    newest: "Der neueste Lead dieser Quelle",
  },
  en: {
    waiting: "Waiting for the first lead …",
    waitingHow:
      "As soon as one comes it shows up here by itself. What is refused stands on this page, with the reason.",
    newest: "The newest lead of this source",
  },
};
