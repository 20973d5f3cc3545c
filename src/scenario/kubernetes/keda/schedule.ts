/**
 * KEDA's cron triggers (2.17, pkg/scalers/cron_scaler.go) as the windows of the policy `schedule`. A window is open while
 * what fires next is its end and not its start, which is also what two starts before an end come to. A run has no date,
 * so it begins at midnight, on a Monday where days of the week count.
 */
import { z } from 'zod';
import { gotButAllowed, type Millis } from '../../../core/units.ts';
import { placeOf, type Path } from '../../tree.ts';
import { readPart, refuseAt, type Draft } from '../draft.ts';
import { duration, zNumberText } from '../quantities.ts';
import type { Resource } from '../resources.ts';
import { DAY, WEEK, zCron } from './cron.ts';

const zCronTrigger = z.strictObject({
  timezone: z.string().min(1),
  start: zCron,
  end: zCron,
  desiredReplicas: zNumberText.refine((count) => Number.isInteger(count) && count >= 1, {
    error: (issue) => gotButAllowed(issue.input, 'a whole number from 1'),
  }),
});
type CronTrigger = z.output<typeof zCronTrigger>;

/** `paths`: of the triggers; at least one. */
export const takeSchedule = (draft: Draft, source: Resource, paths: readonly Path[]): void => {
  const crons = paths.map((path) => readPart(zCronTrigger, source, [...path, 'metadata']));
  const timezone = crons[0]?.timezone ?? '';
  const odd = crons.findIndex((cron) => cron.timezone !== timezone);
  if (odd >= 0) {
    const { timezone: other } = crons[odd]!;
    const at = [...paths[odd]!, 'metadata', 'timezone'];
    refuseAt(source, at, gotButAllowed(other, `the same for all, ${timezone}`));
  }
  const isDaily = crons.every(({ start, end }) => start.daily && end.daily);
  const span = isDaily ? DAY : WEEK;
  const windows = crons.flatMap((cron, index) => windowsOf(source, cron, span, paths[index]!));
  const path = paths.length === 1 ? paths[0]! : ['spec', 'triggers'];
  draft.take('autoscaler.schedule.windows', windows, source, path);
  draft.take('autoscaler.schedule.repeat', duration(minutes(span)), source, path);
  const monday = isDaily ? '' : ', on a Monday';
  const place = placeOf(source.tree, path);
  draft.assume(
    `the run begins at midnight in ${timezone}${monday}, and no clock is changed`,
    place,
  );
  draft.assume(
    'a window raises the minimum at once, where KEDA goes there by the limits of its HPA',
    place,
  );
};

const minutes = (count: number): Millis => count * 60_000;

const windowsOf = (
  source: Resource,
  { start, end, desiredReplicas: min }: CronTrigger,
  span: number,
  path: Path,
) => {
  const [starts, ends] = [start.fires, end.fires].map((fires) => fires.filter((at) => at < span));
  const times = [...new Set([...starts!, ...ends!])].sort((a, b) => a - b);
  if (times.length === 1)
    refuseAt(source, [...path, 'metadata', 'end'], 'allowed: another time than that of `start`');
  return times.flatMap((from, index) => {
    const next = times[index + 1] ?? times[0]!;
    if (!ends!.includes(next)) return [];
    const within = (a: number, b: number) =>
      a < b ? [{ from: duration(minutes(a)), to: duration(minutes(b)), min }] : [];
    return from < next ? within(from, next) : [...within(from, span), ...within(0, next)];
  });
};
