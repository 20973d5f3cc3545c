/**
 * Kubernetes' own ways to write numbers: `250m`, `0.5`, `2` of a resource; Go durations such as `1m30s`. And how a scenario
 * writes the seconds that most fields count in.
 */
import { z } from 'zod';
import { formatDuration, gotButAllowed, type Millis } from '../../core/units.ts';

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** `250m` -> 0.25 */
export const zQuantity = z.union([z.number(), z.string()]).transform((written, context): number => {
  const match = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(String(written));
  const size = match === null ? undefined : SUFFIXES[match[2] ?? ''];
  if (match !== null && size !== undefined) return Number(match[1]) * size;
  context.addIssue(gotButAllowed(written, 'a quantity such as 250m, 0.5 or 2'));
  return z.NEVER;
});

const GO_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `1m30s` -> 90000 */
export const zGoDuration = z.string().transform((written, context): number => {
  const parts = [...written.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  const whole = parts.map(([part]) => part).join('');
  if (written === '0' || (whole === written && whole !== ''))
    return parts.reduce((sum, [, count, unit]) => sum + Number(count) * GO_UNITS[unit ?? '']!, 0);
  context.addIssue(gotButAllowed(written, 'a duration such as 30s or 1m30s'));
  return z.NEVER;
});

/** An annotation's text as a number. */
export const zNumberText = z.union([z.string(), z.number()]).transform((written, context) => {
  const value = String(written).trim() === '' ? NaN : Number(written);
  if (Number.isFinite(value)) return value;
  context.addIssue(gotButAllowed(written, 'a number'));
  return z.NEVER;
});

/** 15 -> `15s` */
export const seconds = (count: number): string => duration(count * 1000);
export const duration = (ms: Millis): string => formatDuration(ms);
