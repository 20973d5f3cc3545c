/**
 * Golden runs: from YAML to figures, three whole runs must stay what they are. A digest over all that a run yields sees
 * any change; the figures and notes beside it let a reviewer see what changed. A change that is meant is written down
 * with `npx vitest run test/golden -u`, and its reason belongs in docs/changelog.md: everybody's results move with it.
 * Rounding absorbs what major versions of Node may differ by in the last bits of their Math functions.
 */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { MetricName } from '../../src/core/metrics.ts';
import type { Note, RunRecord } from '../../src/results/results.ts';
import { rounded } from '../../src/results/rounded.ts';
import { run } from '../../src/run.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { simulated } from '../sim/lab.ts';
import { GOLDEN } from './scenarios.ts';

const recordOf = (text: string, seed = 1): RunRecord => {
  const readFile = (): never => {
    throw new Error('these scenarios read no files');
  };
  const { scenario, inputs } = loadScenario({ file: 'golden.yaml', text, readFile });
  return run({ scenario, inputs, contender: 0, seed, independent: false }, simulated);
};

const digestOf = ({ seed: _seed, latency, ...yielded }: RunRecord): string =>
  createHash('sha256')
    .update(JSON.stringify(rounded(yielded, 'golden')))
    .update(latency)
    .digest('hex')
    .slice(0, 16);

/** What a reviewer wants to see of a run. */
const FIGURES = [
  'requests',
  'failed',
  'retries',
  'timeouts',
  'rejected',
  'latencyMsMean',
  'latencyMsP99',
  'utilisation',
  'serverSeconds',
  'sessionsLost',
  'scaleUps',
  'scaleDowns',
  'breakerOpens',
  'ejections',
] as const satisfies readonly MetricName[];

const summary = (record: RunRecord) => {
  const metrics = rounded(record.metrics, 'metrics');
  return {
    digest: digestOf(record),
    figures: FIGURES.map((name) => `${name} ${metrics[name] ?? '-'}`),
    failures: record.failures,
    firstNotes: record.notes.slice(0, 6).map(tell),
  };
};

const tell = ({ at, text, because }: Note): string =>
  `${(at / 1000).toFixed(1)} s: ${text} (${because})`;

describe('a golden run stays as it is', () => {
  test('flaky servers behind a breaker, with retries', () => {
    expect(summary(recordOf(GOLDEN.FLAKY))).toMatchInlineSnapshot(`
      {
        "digest": "131d209d6d564d86",
        "failures": {
          "circuit-open": 471,
          "http-5xx": 5,
          "overloaded": 3,
          "timeout": 16,
        },
        "figures": [
          "requests 6673",
          "failed 495",
          "retries 49",
          "timeouts 23",
          "rejected 1443",
          "latencyMsMean 82.1887",
          "latencyMsP99 554",
          "utilisation 0.369512",
          "serverSeconds 550",
          "sessionsLost -",
          "scaleUps 0",
          "scaleDowns 0",
          "breakerOpens 11",
          "ejections 2",
        ],
        "firstNotes": [
          "20.0 s: tool errors 2% on all servers: begins (the scenario says so)",
          "30.0 s: errors 60% on s1, s2: begins (the scenario says so)",
          "30.3 s: breaker of s2 opened (4 failures, the last: http-5xx)",
          "30.5 s: breaker of s1 opened (4 failures, the last: http-5xx)",
          "38.3 s: breaker of s2 is half-open (its recovery time has passed)",
          "38.4 s: breaker of s2 opened (a half-open call failed: http-5xx)",
        ],
      }
    `);
  });

  test('legacy sessions over a crash, an autoscaler at work', () => {
    expect(summary(recordOf(GOLDEN.SESSIONS))).toMatchInlineSnapshot(`
      {
        "digest": "bb924050c45be832",
        "failures": {
          "no-server": 12,
          "refused": 32,
          "reset": 4,
          "session-lost": 28,
          "timeout": 11,
        },
        "figures": [
          "requests 4603",
          "failed 87",
          "retries 0",
          "timeouts 11",
          "rejected 12",
          "latencyMsMean 1149.29",
          "latencyMsP99 4432",
          "utilisation 0.676201",
          "serverSeconds 1065",
          "sessionsLost 26",
          "scaleUps 4",
          "scaleDowns 4",
          "breakerOpens 0",
          "ejections 1",
        ],
        "firstNotes": [
          "15.0 s: scaled 3 -> 2 (score 0.14 < 0.2)",
          "15.0 s: s3 drains (score 0.14 < 0.2)",
          "30.0 s: s3 stops (its time to drain is over)",
          "60.0 s: scaled 2 -> 3 (score 0.69 > 0.3)",
          "60.0 s: s4 is starting (score 0.69 > 0.3)",
          "68.0 s: s4 is ready (a good check)",
        ],
      }
    `);
  });

  test('processor sharing, a random network, a leak, a flap, a hang and a partition', () => {
    expect(summary(recordOf(GOLDEN.SHARING))).toMatchInlineSnapshot(`
      {
        "digest": "51c90315b394f10f",
        "failures": {
          "refused": 4,
          "timeout": 8,
        },
        "figures": [
          "requests 5147",
          "failed 12",
          "retries 462",
          "timeouts 150",
          "rejected 0",
          "latencyMsMean 221.101",
          "latencyMsP99 3208",
          "utilisation 0.26689",
          "serverSeconds 660",
          "sessionsLost -",
          "scaleUps 0",
          "scaleDowns 0",
          "breakerOpens 0",
          "ejections 3",
        ],
        "firstNotes": [
          "40.0 s: leak 6x over 50s on s2: begins (the scenario says so)",
          "60.0 s: flap 6s down, 12s up on big: begins (the scenario says so)",
          "66.0 s: flap 6s down, 12s up on big: ends (the scenario says so)",
          "78.0 s: flap 6s down, 12s up on big: begins (the scenario says so)",
          "82.4 s: s4 is ejected (2 failed checks in a row)",
          "84.0 s: flap 6s down, 12s up on big: ends (the scenario says so)",
        ],
      }
    `);
  });
});

describe.each(Object.entries(GOLDEN))('the digest of %s', (_name, text) => {
  test('is the same the second time in one process', () => {
    const first = digestOf(recordOf(text));
    recordOf(text, 2);
    expect(digestOf(recordOf(text))).toBe(first);
  });

  test('is another for another seed', () => {
    expect(digestOf(recordOf(text, 2))).not.toBe(digestOf(recordOf(text)));
  });
});
