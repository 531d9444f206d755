// What is known of a lead's record at its destination after an attempt that arrived.

/** As far as it is known; what is not known is absent. */
export interface Receipt {
  /** The record's id there. */
  readonly remoteId?: string;
  /** Where people see the record: an absolute address of scheme http or https. */
  readonly remoteUrl?: string;
  /** The destination took it, but would say the same if it threw it away. */
  readonly proven?: false;
  /** An earlier attempt may have made a record as well, and that cannot be found out. */
  readonly maybeTwice?: true;
  /**
   * `same_delivery`: an earlier attempt at this delivery had arrived. `known_person`: the destination had this person
   * already, and stored nothing of the new enquiry. `added_to_person`: it had this person, and the new enquiry was added to
   * their record.
   */
  readonly duplicate?: Duplicate;
  /** It arrived, but not all of it as it was sent: a sentence for people. */
  readonly warning?: string;
}

export type Duplicate = "same_delivery" | "known_person" | "added_to_person";

const remoteIdLengthMax = 255;
const remoteUrlLengthMax = 2_048;
const warningLengthMax = 500;

/**
 * The same as it can be stored and shown anywhere: no control characters, no half characters, cut to what a record's id, an
 * address and a sentence have room for. An id or an address that is longer, or an address that no browser should be
 * led to, is left out. null: nothing is left.
 */
export function storableReceipt(receipt: Receipt): Receipt | null {
  const remoteId = receipt.remoteId === undefined ? "" : printable(receipt.remoteId).trim();
  const remoteUrl = webAddress(receipt.remoteUrl);
  const warning = receipt.warning === undefined ? "" : printable(receipt.warning).slice(0, warningLengthMax);
  const storable: Receipt = {
    ...(remoteId === "" || remoteId.length > remoteIdLengthMax ? {} : { remoteId }),
    ...(remoteUrl === null ? {} : { remoteUrl }),
    ...(receipt.proven === false ? { proven: false } : {}),
    ...(receipt.maybeTwice === true ? { maybeTwice: true } : {}),
    ...(receipt.duplicate === undefined ? {} : { duplicate: receipt.duplicate }),
    ...(warning === "" ? {} : { warning: wellFormed(warning) }),
  };
  return Object.keys(storable).length === 0 ? null : storable;
}

function webAddress(written: string | undefined): string | null {
  if (written === undefined || !URL.canParse(written)) return null;
  const { protocol, username, password, href } = new URL(written);
  const isWeb = protocol === "https:" || protocol === "http:";
  return isWeb && username === "" && password === "" && href.length <= remoteUrlLengthMax ? href : null;
}

function printable(text: string): string {
  return wellFormed(text).replace(/\p{Cc}/gu, " ");
}

/** Without halves of characters, which jsonb refuses. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}
