/** The last word of most autoscalers: a whole number of servers between min and max, and what to say when that decided. */
import type { Decision } from './autoscaler.ts';

export const clamped = (
  { min, max }: { readonly min: number; readonly max: number },
  desired: number,
  servers: number,
  because: string,
): Decision => {
  if (servers < min && desired < min) return { desired: min, because: `fewer than min ${min}` };
  if (servers > max && desired > max) return { desired: max, because: `more than max ${max}` };
  if (desired > max) return { desired: max, because: `${because}, max is ${max}` };
  if (desired < min) return { desired: min, because: `${because}, min is ${min}` };
  return { desired, because };
};
