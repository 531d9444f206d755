// What is shown on demand, and made only then: a lead may have thousands of events.
import { useState } from "react";
import type { ReactNode } from "react";
import classes from "./details.module.css";

interface DetailsProps {
  readonly title: string;
  readonly isOpenAtFirst?: boolean;
  readonly children: ReactNode;
}

export function Details({ title, isOpenAtFirst = false, children }: DetailsProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <details
      className={classes.details}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{title}</summary>
      {isOpen ? <div className={classes.detailsContent}>{children}</div> : null}
    </details>
  );
}
