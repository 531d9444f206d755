// Whether all deliveries are stopped: seen on every page, changed on the page of the destinations and here.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";

/** Live events about the configuration make it old. */
const queryKey = ["destinations", "switch"];

function useDeliverySwitch() {
  return useQuery({ queryKey, queryFn: ({ signal }) => call("GET /deliveries", { signal }) });
}

function useSwitch(action: "stop" | "resume") {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      call(`POST /deliveries/${action}`, { body: reason === "" ? {} : { reason } }),
    onSuccess: (now) => {
      queries.setQueryData(queryKey, now);
      void queries.invalidateQueries({ queryKey: ["overview"] });
    },
  });
}

/** Nothing while deliveries go on. */
export function StoppedBanner() {
  const text = useTexts(texts);
  const { shortTime } = useFormat();
  const mayResume = useMay("configuration.write");
  const resume = useSwitch("resume");
  const state = useDeliverySwitch().data;
  if (state?.stopped !== true) return null;
  return (
    <Alert mb="md" color="red" role="status" icon={<IconPlayerStop aria-hidden />} title={text.stopped}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {state.at === null ? null : text.since(shortTime(state.at))}
          {state.reason === null ? "" : ` ${text.because(state.reason)}`} {text.meanwhile}
        </Text>
        {mayResume ? (
          <Group>
            <Button
              size="xs"
              leftSection={<IconPlayerPlay size={15} aria-hidden />}
              loading={resume.isPending}
              onClick={() => resume.mutate("")}
            >
              {text.resume}
            </Button>
          </Group>
        ) : null}
        {resume.error === null ? null : <ProblemAlert error={resume.error} />}
      </Stack>
    </Alert>
  );
}

/** Nothing for whom may not use it, and while they are stopped: the banner lets them go on. */
export function StopDeliveries() {
  const text = useTexts(texts);
  const mayStop = useMay("configuration.write");
  const [isOpen, setOpen] = useState(false);
  const stop = useSwitch("stop");
  const state = useDeliverySwitch().data;
  if (!mayStop || state === undefined || state.stopped) return null;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={17} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {text.stop}
      </Button>
      <ReasonDialog
        title={text.stopTitle}
        explanation={text.stopWhy}
        button={text.stop}
        isDangerous
        isOpen={isOpen}
        isPending={stop.isPending}
        error={stop.error}
        onConfirm={(reason) => stop.mutate(reason, { onSuccess: () => setOpen(false) })}
        onClose={() => setOpen(false)}
      />
    </>
  );
}

const texts = {
  de: {
    stopped: "Alle Zustellungen sind angehalten",
    since: (time: string) => `Seit ${time}.`,
    because: (reason: string) => `Grund: ${reason}.`,
    meanwhile: "Leads werden weiter angenommen und warten; kein Versuch wird gezählt.",
    resume: "Zustellungen fortsetzen",
    stop: "Alle Zustellungen anhalten",
    stopTitle: "Alle Zustellungen anhalten?",
    stopWhy:
      "An kein Ziel wird mehr etwas gesendet, auch nicht aus den Klärfällen. Leads werden weiter angenommen und warten; verloren geht keiner. Was gerade gesendet wird, wird noch zu Ende gesendet.",
  },
  en: {
    stopped: "All deliveries are stopped",
    since: (time: string) => `Since ${time}.`,
    because: (reason: string) => `Reason: ${reason}.`,
    meanwhile: "Leads go on being taken and wait; no attempt is counted.",
    resume: "Let deliveries go on",
    stop: "Stop all deliveries",
    stopTitle: "Stop all deliveries?",
    stopWhy:
      "Nothing is sent to any destination any more, nor from what needs attention. Leads go on being taken and wait; none gets lost. What is being sent at this moment is sent to its end.",
  },
};
