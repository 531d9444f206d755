// What is told to people in place of a lead: an alert, or whether messages arrive.

export interface Notice {
  readonly title: string;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly message: string | null;
  /** Where more is read, with what the link says; null: nobody knows where people reach LeadLedger. */
  readonly link: { readonly text: string; readonly href: string } | null;
  /** By it a message that came twice is recognised. */
  readonly runId: string;
}
