// A section of leadledger.yaml that is neither sources nor destinations, as far as it is declared: its shape, what no
// schema can say of it, and which of its members are sealed where they are stored.
import type { InBothLanguages } from "../../domain/configuration/form-words.ts";
import type { Checking, Entry, Fields, FieldSchema } from "../fields/field.ts";
import { checkFields, entryOfSettings, readSettings, schemaOfFields } from "../fields/settings.ts";

export interface DeclaredSection {
  /** As leadledger.yaml calls it; also its row in `internal.sections`. */
  readonly name: string;
  readonly label: InBothLanguages;
  readonly schema: FieldSchema;
  /** Members, at the top of the entry, that are encrypted where they are stored. */
  readonly sealedMembers: readonly string[];
  /** It has tables of its own, and no row in `internal.sections`: whoever applies the file sees to it. */
  readonly isStoredApart?: true;
  /** Of a section that is made of fields. */
  readonly fields?: Fields;
  /** What no schema can say. */
  check?(checking: Checking): void;
  /** Short forms written out; of an entry that was checked. Absent: it stays as it is. */
  writtenOut?(entry: Entry): Entry;
}

/** A section whose members are declared as those of kinds are. */
export function sectionOfFields(
  section: Pick<DeclaredSection, "name" | "label"> & {
    readonly description: string;
    readonly fields: Fields;
  },
): DeclaredSection {
  const { name, label, description, fields } = section;
  const declared = Object.values(fields);
  return {
    name,
    label,
    schema: { ...schemaOfFields(fields), description },
    sealedMembers: declared.filter(({ isSealed }) => isSealed).map(({ member }) => member),
    fields,
    check: (checking) => checkFields(fields, checking),
    writtenOut: (entry) => entryOfSettings(fields, readSettings(fields, entry)),
  };
}
