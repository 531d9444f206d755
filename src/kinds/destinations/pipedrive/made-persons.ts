// Persons who were made in Pipedrive from here: so that two leads of one person that come together make one, and a lead whose
// attempt failed after the person was made finds them, though the search may not know them yet.
import type { Failed } from "../../../domain/destinations/outcome.ts";
import { normalisePhone } from "../../../domain/values/phone-number.ts";
import type { DeliveryMessage } from "../sender.ts";
import { originId } from "./enquiries.ts";
import type { Person } from "./persons.ts";
import type { PipedriveRecord } from "./record.ts";

export interface MadePersons {
  /** null: none that is known here. */
  find(message: DeliveryMessage, record: PipedriveRecord): Promise<Person | null>;
  /** Makes the person, unless that is under way or done. */
  once(
    message: DeliveryMessage,
    record: PipedriveRecord,
    make: () => Promise<Person | Failed>,
  ): Promise<Person | Failed>;
  /** The person is gone. */
  forget(id: number): void;
}

interface Made {
  readonly by: string;
  readonly ended: Promise<Person | Failed>;
}

/** Beyond that the oldest is forgotten, and looked for. */
const keysMax = 3_000;

export function rememberMade(): MadePersons {
  const made = new Map<string, Made>();
  const gone = new Set<number>();

  async function find(message: DeliveryMessage, record: PipedriveRecord): Promise<Person | null> {
    for (const key of keysOf(message, record)) {
      const one = made.get(key);
      const person = await one?.ended;
      if (person?.kind === "person" && !gone.has(person.id))
        return { ...person, isKnown: one?.by !== originId(message) };
    }
    return null;
  }

  return {
    find,
    async once(message, record, make) {
      const keys = keysOf(message, record);
      const known = keys.some((key) => made.has(key)) ? await find(message, record) : null;
      if (known !== null) return known;
      const ended = make();
      for (const key of keys) {
        made.delete(key);
        made.set(key, { by: originId(message), ended });
      }
      for (const key of [...made.keys()].slice(0, Math.max(made.size - keysMax, 0))) made.delete(key);
      return ended;
    },
    forget: (id) => void gone.add(id),
  };
}

function keysOf(message: DeliveryMessage, { emails, phones }: PipedriveRecord): readonly string[] {
  return [originId(message), ...emails, ...phones.map((phone) => normalisePhone(phone) ?? phone)];
}
