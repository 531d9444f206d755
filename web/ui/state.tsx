// A state as a word, a colour and a sign, so that no one of them is needed to tell it.
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClock,
  IconHandStop,
  IconInfoCircle,
  IconRefresh,
} from "@tabler/icons-react";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./parts.module.css";
import type { Tone } from "./tone.ts";

export type { Tone } from "./tone.ts";

const icons: Readonly<Record<Tone, Icon>> = {
  good: IconCircleCheck,
  waiting: IconClock,
  healing: IconRefresh,
  bad: IconAlertTriangle,
  byHand: IconHandStop,
  quiet: IconInfoCircle,
};

interface StateProps {
  readonly tone: Tone;
  readonly children: ReactNode;
}

export function State({ tone, children }: StateProps) {
  return (
    <span className={`${classes.state ?? ""} ${classes[tone] ?? ""}`}>
      <Sign tone={tone} />
      <span>{children}</span>
    </span>
  );
}

/** The sign alone, where the words stand beside it. */
export function Sign({ tone }: { readonly tone: Tone }) {
  const Icon = icons[tone];
  return <Icon size={17} stroke={2} aria-hidden className={classes[tone]} />;
}
