// What can be done to a source or destination: change, pause, replace the secret, remove. Each says what will happen.
import { Button } from "@mantine/core";
import { IconKey, IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useTexts } from "../language/language.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";
import { pathOf } from "./part-kind.ts";
import type { Part, PartKind } from "./part-kind.ts";
import { useChangePart } from "./part-queries.ts";
import { RotateDialog } from "./rotate-dialog.tsx";

interface PartActionsProps {
  readonly kind: PartKind;
  readonly part: Part;
  readonly etag: string | null;
  /** It has a secret, or may get one. */
  readonly hasSecret: boolean;
}

type Dialog = "pause" | "remove" | "rotate";

export function PartActions({ kind, part, etag, hasSecret }: PartActionsProps) {
  const text = useTexts(texts);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [, navigate] = useLocation();
  const change = useChangePart(kind, part.name);
  const open = (which: Dialog): void => {
    change.reset();
    setDialog(which);
  };
  const close = (): void => setDialog(null);
  const asked = {
    asksReason: false,
    isPending: change.isPending,
    error: change.error,
    onClose: close,
  };
  return (
    <>
      <Button
        component={Link}
        href={`${pathOf(kind, part.name)}/edit`}
        leftSection={<IconPencil size={17} aria-hidden />}
      >
        {text.edit}
      </Button>
      {part.paused ? (
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={17} aria-hidden />}
          loading={change.isPending && dialog === null}
          onClick={() => change.mutate({ does: "resume", ifMatch: etag })}
        >
          {text.resume}
        </Button>
      ) : (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={17} aria-hidden />}
          onClick={() => open("pause")}
        >
          {text.pause}
        </Button>
      )}
      {hasSecret ? (
        <Button
          variant="default"
          leftSection={<IconKey size={17} aria-hidden />}
          onClick={() => open("rotate")}
        >
          {text.rotate}
        </Button>
      ) : null}
      <Button
        variant="default"
        c="var(--bad)"
        leftSection={<IconTrash size={17} aria-hidden />}
        onClick={() => open("remove")}
      >
        {text.remove}
      </Button>
      {change.error !== null && dialog === null ? <ProblemAlert error={change.error} /> : null}
      <ReasonDialog
        {...asked}
        title={text.pauseTitle(part.name)}
        explanation={text.pauseWhy[kind]}
        button={text.pause}
        isOpen={dialog === "pause"}
        onConfirm={() => change.mutate({ does: "pause", ifMatch: etag }, { onSuccess: close })}
      />
      <ReasonDialog
        {...asked}
        title={text.removeTitle(part.name)}
        explanation={text.removeWhy[kind]}
        button={text.remove}
        isDangerous
        isOpen={dialog === "remove"}
        onConfirm={() =>
          change.mutate({ does: "remove", ifMatch: etag }, { onSuccess: () => navigate(`/${kind}`) })
        }
      />
      {dialog === "rotate" ? (
        <RotateDialog
          kind={kind}
          isPending={change.isPending}
          error={change.error}
          onConfirm={(overlap) =>
            change.mutate({ does: "rotate-secret", ifMatch: etag, body: { overlap } }, { onSuccess: close })
          }
          onClose={close}
        />
      ) : null}
    </>
  );
}

const texts = {
  de: {
    edit: "Bearbeiten",
    pause: "Anhalten",
    resume: "Fortsetzen",
    rotate: "Geheimnis ersetzen",
    remove: "Entfernen",
    pauseTitle: (name: string) => `${name} anhalten?`,
    pauseWhy: {
      sources:
        "Leads werden weiter angenommen und zurückgehalten. Sobald Sie die Quelle fortsetzen, werden sie zugestellt; verloren geht nichts. Was schon vorher angekommen ist, wird weiter zugestellt.",
      destinations:
        "Leads werden weiter angenommen und warten, bis Sie das Ziel fortsetzen. Verloren geht nichts.",
    },
    removeTitle: (name: string) => `${name} entfernen?`,
    removeWhy: {
      sources:
        "Von jetzt an werden Leads dieser Quelle abgewiesen (401) und nicht gespeichert. Alle bisherigen Leads und die Einstellungen bleiben erhalten; Sie können die Quelle später wieder anlegen.",
      destinations:
        "An dieses Ziel wird nichts mehr zugestellt. Leads, die dort noch nicht angekommen sind, werden zu Klärfällen; verloren geht keiner. Die Einstellungen bleiben erhalten; Sie können das Ziel später wieder anlegen.",
    },
  },
  en: {
    edit: "Edit",
    pause: "Pause",
    resume: "Resume",
    rotate: "Replace the secret",
    remove: "Remove",
    pauseTitle: (name: string) => `Pause ${name}?`,
    pauseWhy: {
      sources:
        "Leads go on being taken and are held. As soon as you resume the source they are delivered; nothing gets lost. What has arrived before goes on being delivered.",
      destinations: "Leads go on being taken and wait until you resume the destination. Nothing gets lost.",
    },
    removeTitle: (name: string) => `Remove ${name}?`,
    removeWhy: {
      sources:
        "From now on leads of this source are refused (401) and not stored. All leads so far and the settings are kept; you can add the source again later.",
      destinations:
        "Nothing is delivered to this destination any more. Leads that have not arrived there need attention then; none gets lost. The settings are kept; you can add the destination again later.",
    },
  },
};
