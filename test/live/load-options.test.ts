import { expect, test } from 'vitest';
import { readWish } from '../../src/cli/load-options.ts';

const URL_HERE = 'http://127.0.0.1:9/mcp';

test.each([
  [{ rate: '100' }, /a number without a unit is refused/],
  [{ rate: '0' }, /allowed: above 0/],
  [{ rate: '5/s', connections: '3' }, /allowed: one of --connections/],
  [{ connections: '0' }, /--connections 0.*whole number from 1/],
  [{ duration: '0' }, /--duration 0.*more than 0/],
  [{ timeout: '5' }, /--timeout 5/],
  [{ seeds: 'x' }, /--seeds x/],
  [{ era: 'new' }, /auto, modern or legacy/],
  [{ slo: ['p98=1ms'] }, /--slo p98=1ms/],
  [{ slo: ['p99'] }, /such as p99=500ms/],
  [{ slo: ['p99=500'] }, /--slo p99=500.*without a unit/],
  [{ arguments: '[1]' }, /not a JSON object/],
  [{ arguments: '@no-such-file' }, /no such file/],
  [{ bearerEnv: 'NO_SUCH_VARIABLE' }, /empty or not set/],
  [{ headerFile: 'no-such-file' }, /no such file/],
])('%j is refused', (options, why) => {
  let told = '';
  try {
    readWish(URL_HERE, options);
  } catch (error) {
    const { file } = (error as { place: { file: string } | null }).place ?? { file: '' };
    told = `${file} ${String(error)}`;
  }
  expect(told).toMatch(why);
});

test('objectives are those of a scenario, flat', () => {
  const { slo } = readWish(URL_HERE, {
    slo: ['p99=500ms', 'errors=1%', 'goodput=50/s', 'rejected=3'],
  });
  expect(slo).toEqual([
    { metric: 'latencyMsP99', limit: 500 },
    { metric: 'errorRate', limit: 0.01 },
    { metric: 'goodputRps', limit: 50 },
    { metric: 'rejected', limit: 3 },
  ]);
});

test('ten clients in a closed loop are what one gets who asks for nothing', () => {
  expect(readWish(URL_HERE, {})).toMatchObject({
    loop: { kind: 'closed', connections: 10 },
    seeds: [1],
    era: 'auto',
  });
});

test('a deadline may be none', () => {
  expect(readWish(URL_HERE, { timeout: 'none' }).timeout).toBeNull();
});
