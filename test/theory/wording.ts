/** Numbers and names as the tables show them. */
import type { Judgement } from './acceptance.ts';
import type { Case } from './suite.ts';

/** Five significant digits, thousands and tiny numbers included: `0.79985`, `1.8191e-5`. */
export const figure = (value: number): string => {
  if (value === 0 || !Number.isFinite(value)) return `${value}`;
  const size = Math.abs(value);
  if (size < 1e-3) return value.toExponential(4);
  return `${Number(value.toPrecision(5))}`;
};

/** `+1.23` standard errors; `0` where there is no chance in it. */
export const inErrors = ({ errors, se }: Judgement): string =>
  se === 0 || !Number.isFinite(errors)
    ? errors === 0
      ? '0'
      : 'off'
    : `${errors > 0 ? '+' : '-'}${Math.abs(errors).toFixed(2)}`;

export const percent = (share: number): string =>
  Number.isFinite(share) ? `${(100 * share).toFixed(2)} %` : '-';

/** `2.4 M`; small numbers as they are. */
export const millions = (requests: number): string =>
  requests < 10_000
    ? `${Math.round(requests)}`
    : `${(requests / 1e6).toLocaleString('en', { maximumSignificantDigits: 2 })} M`;

/** `12 passed, 0 failed, 2 not modelled`: what the suite's last line says. */
export const tally = (cases: readonly Case[]): string => {
  const count = (outcome: Case['outcome']) =>
    cases.filter((each) => each.outcome === outcome).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('not modelled')} not modelled`;
};
