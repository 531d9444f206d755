// Secrets as the API shows them: by their fingerprints.

export interface ShownSecret {
  readonly fingerprint: string;
  /** null: for ever. */
  readonly not_after: string | null;
}

/** One, several or none, whatever else the member holds. */
export function secretsIn(shown: unknown): readonly ShownSecret[] {
  return (Array.isArray(shown) ? shown : [shown]).filter(isSecret);
}

function isSecret(value: unknown): value is ShownSecret {
  return typeof value === "object" && value !== null && "fingerprint" in value;
}
