/** Seeds as `--seeds` says them: a count (`20` = 1..20) or a list (`1,2,5`). */
import { ScenarioError } from '../core/scenario-error.ts';
import { check } from './explain.ts';
import { zSeeds } from './schema.ts';

/** Replications of `--quick`. */
export const QUICK_SEEDS = 5;

/** Throws ScenarioError, its place the argument. */
export const parseSeeds = (text: string): readonly number[] => {
  const parts = text.split(',').map((part) => part.trim());
  const numbers = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : NaN));
  const checked = check(zSeeds, parts.length === 1 ? numbers[0] : numbers);
  if (checked.ok && numbers.every(Number.isFinite)) return checked.value;
  const place = { file: `--seeds ${text}` };
  throw new ScenarioError('allowed: a count such as 20, or distinct seeds such as 1,2,5', place);
};
