// Changing a source.
import type { Source } from "../api/types.ts";
import { EditPage } from "../sources-and-destinations/edit-page.tsx";
import { storedOf } from "./stored-source.ts";

export default function EditSource() {
  return (
    <EditPage<Source> kind="sources" fieldsOf={({ sources: { fields } }) => fields} storedOf={storedOf} />
  );
}
