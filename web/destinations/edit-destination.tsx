// Changing a destination.
import type { Destination } from "../api/types.ts";
import { EditPage } from "../sources-and-destinations/edit-page.tsx";
import { fieldsOf, storedOf } from "./stored-destination.ts";

export default function EditDestination() {
  return <EditPage<Destination> kind="destinations" fieldsOf={fieldsOf} storedOf={storedOf} />;
}
