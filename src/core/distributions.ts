/**
 * Distributions as data (`Distribution`) and as inverse-CDF samplers (`sampler`): one uniform a draw, so that a keyed
 * draw never falls out of step. Durations in ms; `geometric` yields whole numbers from 1.
 */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number }
  | { readonly kind: 'lognormal'; readonly mean: number; readonly cv: number }
  | { readonly kind: 'gamma'; readonly mean: number; readonly cv: number }
  | { readonly kind: 'weibull'; readonly mean: number; readonly shape: number }
  | { readonly kind: 'pareto'; readonly mean: number; readonly shape: number }
  | { readonly kind: 'hyperexponential'; readonly mean: number; readonly cv: number }
  | { readonly kind: 'geometric'; readonly mean: number }
  | { readonly kind: 'empirical'; readonly file: string; readonly sha256: string };
