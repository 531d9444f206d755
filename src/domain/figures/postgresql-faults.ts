// Which releases of PostgreSQL have security faults that are known. The project publishes minor releases of all majors on
// one day (postgresql.org/support/versioning), with the faults that they mend (postgresql.org/support/security).

interface SecurityRelease {
  /** When it was published. */
  readonly published: string;
  /** The minor release of each major that mends the faults. */
  readonly minors: Readonly<Record<number, number>>;
}

/**
 * The newest first, since 15.0. Read in November 2026 from the release notes, and from the changelog of Debian's
 * postgresql-15, which names the faults of each release; the minors of the other majors of August and November 2026 follow
 * from the common day. A fault of libpq or a client program counts as well, since they are updated with the server.
 */
const securityReleases: readonly SecurityRelease[] = [
  { published: "2026-11-12", minors: { 15: 20, 16: 16, 17: 12, 18: 6 } },
  { published: "2026-08-13", minors: { 15: 19, 16: 15, 17: 11, 18: 5 } },
  { published: "2026-05-14", minors: { 15: 18, 16: 14, 17: 10, 18: 4 } },
  { published: "2026-02-12", minors: { 15: 16, 16: 12, 17: 8, 18: 2 } },
  { published: "2025-11-13", minors: { 15: 15, 16: 11, 17: 7, 18: 1 } },
  { published: "2025-08-14", minors: { 15: 14, 16: 10, 17: 6 } },
  { published: "2025-05-08", minors: { 15: 13, 16: 9, 17: 5 } },
  { published: "2025-02-13", minors: { 15: 11, 16: 7, 17: 3 } },
  { published: "2024-11-14", minors: { 15: 9, 16: 5, 17: 1 } },
  { published: "2024-08-08", minors: { 15: 8, 16: 4 } },
  { published: "2024-05-09", minors: { 15: 7, 16: 3 } },
  { published: "2024-02-08", minors: { 15: 6, 16: 2 } },
  { published: "2023-11-09", minors: { 15: 5, 16: 1 } },
  { published: "2023-08-10", minors: { 15: 4 } },
  { published: "2023-05-11", minors: { 15: 3 } },
  { published: "2023-02-09", minors: { 15: 2 } },
];

export interface KnownFaults {
  /** As PostgreSQL names it: `18.4`. */
  readonly version: string;
  /** The release that mends all that are known. */
  readonly fixed_in: string;
  /** ISO day: since when the oldest of them has been known. */
  readonly known_since: string;
}

/** @param versionNumber `server_version_num`: 180004 is 18.4. null: none is known, or the major is not in the table. */
export function knownFaults(versionNumber: number): KnownFaults | null {
  const major = Math.floor(versionNumber / 10_000);
  const minor = versionNumber % 10_000;
  const missing = securityReleases.flatMap(({ published, minors }) => {
    const mended = minors[major];
    return mended !== undefined && mended > minor ? [{ published, mended }] : [];
  });
  const [newest] = missing;
  const oldest = missing.at(-1);
  if (newest === undefined || oldest === undefined) return null;
  return {
    version: `${major}.${minor}`,
    fixed_in: `${major}.${newest.mended}`,
    known_since: oldest.published,
  };
}
