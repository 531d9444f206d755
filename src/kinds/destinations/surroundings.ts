// What of the installation some kinds tell the people whom they write to.

export interface Surroundings {
  /** `public_url`, without a slash at its end; null: it is not set. */
  readonly publicUrl: string | null;
  /** Of the reports, in which people read times. */
  readonly timezone: string;
  /** Behind `publicUrl`: where whoever got this lead says that its person was contacted. Absent: there are no such links. */
  readonly contactPath?: (runId: string) => string;
}

export const noSurroundings: Surroundings = { publicUrl: null, timezone: "Europe/Berlin" };

/** Where a person reads about a lead; null: nobody knows where people reach LeadLedger. */
export function linkToLead({ publicUrl }: Surroundings, runId: string): string | null {
  return publicUrl === null ? null : `${publicUrl}/leads/${runId}`;
}

/** null: there is none. */
export function linkToContact({ publicUrl, contactPath }: Surroundings, runId: string): string | null {
  return publicUrl === null || contactPath === undefined ? null : `${publicUrl}${contactPath(runId)}`;
}
