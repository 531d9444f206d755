// What every kind of field is given.
import type { FormField } from "../../api/types.ts";
import type { DraftValue } from "./draft.ts";

export interface FieldProps {
  readonly field: FormField;
  readonly value: DraftValue | undefined;
  readonly problems: readonly string[];
  /** Of what is never shown, what may be. */
  readonly stored: readonly string[];
  /** Of an agency: whose it is, as typed in the same form; "": no client's. */
  readonly client: string;
  readonly isNew: boolean;
  /** A secret that is there may be taken away. */
  readonly isRemovable: boolean;
  readonly onChange: (value: DraftValue) => void;
}
