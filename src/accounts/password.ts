// Passwords: which ones are taken, and argon2id (RFC 9106) at a pace that leaves the machine to the leads.
import { hash, verify } from "@node-rs/argon2";

export const passwordCharactersMin = 12;
export const passwordCharactersMax = 256;
const differentCharactersMin = 5;

/** Of an attempt's memory and time: OWASP's first recommendation for argon2id, c. 30 ms of one core. */
export const argon2Parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * Hashing takes one of the few threads that the spool's disk writes also use, so attempts wait for each other; beyond
 * this many they are turned away.
 */
const waitingMax = 32;

/** A hash that no password has: verifying against it takes as long as against one of `argon2Parameters`. */
export const nobodysHash =
  "$argon2id$v=19$m=19456,t=2,p=1$ee5gNjYM9EluONxuiUZwhA$NR41C0sewV0r6FNzugvpOwvHMWCxXvI/SDiy8rPWkGA";

export type PasswordFault = "too_short" | "too_long" | "too_simple" | "is_the_login";

/** null: good enough. */
export function passwordFault(password: string, login: string): PasswordFault | null {
  const characters = Array.from(normalised(password));
  if (characters.length < passwordCharactersMin) return "too_short";
  if (characters.length > passwordCharactersMax) return "too_long";
  if (new Set(characters).size < differentCharactersMin) return "too_simple";
  return password.trim().toLowerCase() === login ? "is_the_login" : null;
}

export type Verified = "fits" | "differs" | "busy";

export interface Passwords {
  /** null: too many wait already. */
  hash(password: string): Promise<string | null>;
  /** Takes as long for a hash of null, which nothing fits. */
  verify(stored: string | null, password: string): Promise<Verified>;
}

export function createPasswords(): Passwords {
  let waiting = 0;
  let latest: Promise<unknown> = Promise.resolve();

  async function inTurn<T>(work: () => Promise<T>): Promise<T | null> {
    if (waiting >= waitingMax) return null;
    waiting += 1;
    const turn = latest.then(work).finally(() => (waiting -= 1));
    latest = turn.catch(() => undefined);
    return turn;
  }

  return {
    hash: (password) => inTurn(() => hash(normalised(password), argon2Parameters)),
    async verify(stored, password) {
      const fits = await inTurn(() => verify(stored ?? nobodysHash, normalised(password)));
      if (fits === null) return "busy";
      return fits && stored !== null ? "fits" : "differs";
    },
  };
}

/** The same letters typed on another keyboard (RFC 8265 section 4.2.2). */
function normalised(password: string): string {
  return password.normalize("NFC");
}
