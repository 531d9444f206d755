// Times in filters, as callers write them: an instant, or a day, which is that of the reporting time zone.

/** The day it is, in the reporting time zone. */
export const todaySql = "(clock_timestamp() AT TIME ZONE internal.reporting_timezone())::date";

const bareDay = /^\d{4}-\d\d-\d\d$/;

/** SQL of the instant from which on something is meant: of a day, its beginning. */
export function fromSql(text: string | undefined, parameter: string): string {
  return instantSql(text, parameter, "");
}

/** SQL of the instant before which something is meant: of a day, its end, so that the day belongs to it. */
export function beforeSql(text: string | undefined, parameter: string): string {
  return instantSql(text, parameter, " + 1");
}

function instantSql(text: string | undefined, parameter: string, days: string): string {
  if (text === undefined || !bareDay.test(text)) return `${parameter}::timestamptz`;
  return `((${parameter}::date${days})::timestamp AT TIME ZONE (SELECT internal.reporting_timezone()))`;
}
