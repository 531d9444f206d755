// What people do about an alert: look after it, or not want to hear of it for a while.
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import { useTexts } from "../language/language.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";

interface AlertActionsProps {
  readonly alertId: string;
  readonly isAcknowledged: boolean;
  readonly isMuted: boolean;
}

const muteMs = 24 * 3_600_000;

export function AlertActions({ alertId, isAcknowledged, isMuted }: AlertActionsProps) {
  const text = useTexts(texts);
  const mayAcknowledge = useMay("dlq.retry");
  const mayMute = useMay("dlq.work");
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const renew = () => queries.invalidateQueries({ queryKey: ["alerts"] });
  const params = { alert_id: alertId };
  const acknowledging = useMutation({
    mutationFn: () => call("POST /alerts/:alert_id/acknowledge", { params, body: {} }),
    onSettled: renew,
  });
  const muting = useMutation({
    mutationFn: (reason: string) =>
      call("POST /alerts/:alert_id/mute", {
        params,
        body: { until: new Date(Date.now() + muteMs).toISOString(), reason },
      }),
    onSuccess: () => {
      setAsking(false);
      return renew();
    },
  });
  const unmuting = useMutation({
    mutationFn: () => call("POST /alerts/:alert_id/unmute", { params }),
    onSettled: renew,
  });
  return (
    <>
      {isAcknowledged || !mayAcknowledge ? null : (
        <Button
          size="compact-sm"
          variant="light"
          loading={acknowledging.isPending}
          onClick={() => acknowledging.mutate()}
        >
          {text.acknowledge}
        </Button>
      )}
      {!mayMute ? null : isMuted ? (
        <Button
          size="compact-sm"
          variant="default"
          loading={unmuting.isPending}
          onClick={() => unmuting.mutate()}
        >
          {text.unmute}
        </Button>
      ) : (
        <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
          {text.mute}
        </Button>
      )}
      <ReasonDialog
        title={text.mute}
        isOpen={isAsking}
        explanation={text.muteWhat}
        button={text.mute}
        isPending={muting.isPending}
        error={muting.error}
        onConfirm={(reason) => muting.mutate(reason)}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

const texts = {
  de: {
    acknowledge: "Ich kümmere mich",
    mute: "Einen Tag stummschalten",
    unmute: "Wieder melden",
    muteWhat: "24 Stunden lang erfährt niemand von diesem Alarm, auch wenn er vorbeigeht und wiederkommt.",
  },
  en: {
    acknowledge: "I look after it",
    mute: "Mute for a day",
    unmute: "Tell again",
    muteWhat: "For 24 hours nobody is told of this alarm, even if it goes and comes again.",
  },
};
