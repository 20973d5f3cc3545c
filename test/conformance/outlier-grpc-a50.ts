/** gRPC's outlier detection (A50), put to `ejection: grpc` with calls really settled and one sweep; and its deviation. */
import { z } from 'zod';
import { sequential } from '../../src/core/rng.ts';
import { grpc, GrpcEjection, type GrpcOptions } from '../../src/policies/ejection/grpc.ts';
import { spreadOf } from '../../src/policies/ejection/outliers.ts';
import { isMap, sameServers, settle } from './ejected.ts';
import { ruleOf, type Rule } from './rule.ts';

const COUNT = z.int().min(0);
const RULE = {
  minHosts: COUNT.default(5),
  enforcement: z.number().min(0).max(100).default(100),
};

const SWEEP = z
  .object({
    calls: z.array(COUNT).min(1),
    failures: z.array(COUNT).min(1),
    maxEjectionPercent: z.number().min(0).max(100).default(10),
    successRate: z
      .object({ ...RULE, volume: COUNT.default(100), stdevFactor: z.number().default(1.9) })
      .nullable(),
    failurePercentage: z
      .object({ ...RULE, volume: COUNT.default(50), threshold: z.number().default(85) })
      .nullable(),
    expectedEjected: z.array(COUNT).optional(),
    expectedEjectedCount: COUNT.optional(),
  })
  .refine(
    (row) => row.expectedEjected !== undefined || row.expectedEjectedCount !== undefined,
    'expects nothing',
  );

const sweep = ruleOf(SWEEP, (row) => {
  const { successRate, failurePercentage } = row;
  const preset = grpc.options.parse({}) as unknown as GrpcOptions;
  const options: GrpcOptions = {
    ...preset,
    maxEjected: row.maxEjectionPercent / 100,
    enforceSuccessRate: (successRate?.enforcement ?? 0) / 100,
    enforceFailurePercentage: (failurePercentage?.enforcement ?? 0) / 100,
    ...(successRate !== null && {
      successRateServers: successRate.minHosts,
      successRateCalls: successRate.volume,
      stdevFactor: successRate.stdevFactor,
    }),
    ...(failurePercentage !== null && {
      failureServers: failurePercentage.minHosts,
      failureCalls: failurePercentage.volume,
      failurePercentage: failurePercentage.threshold / 100,
    }),
  };
  const ejection = new GrpcEjection(options, sequential(1, 'conformance'));
  for (const [server, calls] of row.calls.entries()) {
    ejection.joined(0, server);
    settle(ejection, server, calls - row.failures[server]!, row.failures[server]!);
  }
  ejection.sweep(ejection.every);
  if (row.expectedEjected !== undefined)
    return sameServers(ejection, row.calls.length, row.expectedEjected);
  const got = row.calls.filter((_, server) => ejection.ejected(server)).length;
  return got === row.expectedEjectedCount
    ? null
    : `expected ${row.expectedEjectedCount} ejected, got ${got}`;
});

const DEVIATION = z.object({
  values: z.array(z.number()).min(1),
  expected: z.object({ mean: z.number(), populationStdev: z.number() }),
});

const deviation = ruleOf(DEVIATION, ({ values, expected }) => {
  const { mean, stdev } = spreadOf(values, 1);
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.abs(b);
  return near(mean, expected.mean) && near(stdev, expected.populationStdev)
    ? null
    : `expected ${expected.mean} and ${expected.populationStdev}, got ${mean} and ${stdev}`;
});

const ruleFor = (row: unknown): Rule | undefined =>
  !isMap(row) ? undefined : 'calls' in row ? sweep : 'values' in row ? deviation : undefined;

export const outlierGrpcA50: Rule = {
  covers: (row) => ruleFor(row) !== undefined,
  breach: (row) => ruleFor(row)!.breach(row),
};
