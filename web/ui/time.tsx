// An instant in the reporting time zone: short to read, whole when one points at it.
import { useFormat } from "../language/format.ts";

interface TimeProps {
  readonly iso: string;
  /** Date and seconds, too. */
  readonly isFull?: boolean;
}

export function Time({ iso, isFull = false }: TimeProps) {
  const { time, shortTime, zoneName } = useFormat();
  return (
    <time dateTime={iso} title={`${time(iso)} ${zoneName()}`}>
      {isFull ? time(iso) : shortTime(iso)}
    </time>
  );
}
