// Alarms that are the machine's, whatever a test does: its PostgreSQL's release, its disk.

const ofMachine: readonly string[] = ["postgresql_unsafe", "disk_nearly_full"];

export function withoutMachineAlarms<Alarm extends { readonly code: string }>(
  alarms: readonly Alarm[],
): readonly Alarm[] {
  return alarms.filter(({ code }) => !ofMachine.includes(code));
}
