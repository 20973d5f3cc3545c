import { describe, expect, test } from 'vitest';
import { ScenarioError } from '../../src/core/scenario-error.ts';
import { loadGateway, type GatewayLoadOptions } from '../../src/scenario/gateway-plan.ts';

const plan = (text: string, options: Partial<GatewayLoadOptions> = {}) =>
  loadGateway({
    file: 'fleets/prod.yaml',
    text,
    readFile: () => {
      throw new Error('nothing is to be read');
    },
    ...options,
  });

const URLS =
  'servers: [http://127.0.0.1:8001/mcp, { url: http://127.0.0.1:8002/mcp, weight: 2 }]\n';

const mistakeOf = (text: string, options?: Partial<GatewayLoadOptions>): string => {
  try {
    plan(text, options);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  return 'no mistake';
};

describe('a gateway file', () => {
  test('needs no more than URLs', () => {
    const { name, setup, urls, listen, probe, warnings } = plan(URLS);
    expect(name).toBe('prod');
    expect(urls).toEqual(['http://127.0.0.1:8001/mcp', 'http://127.0.0.1:8002/mcp']);
    expect(setup.servers.groups.map(({ count, weight }) => [count, weight])).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(listen).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(probe).toBe('/health');
    expect(setup.traffic.timeout).toBeNull();
    expect(setup.traffic.retries.attempts).toBe(1);
    expect(warnings).toEqual([]);
  });

  test('keeps sessions on their server unless it says else, and then says what that means', () => {
    expect(plan(URLS).setup.affinity).toBe('session');
    const without = plan(`${URLS}affinity: none\n`);
    expect(without.setup.affinity).toBe('none');
    expect(without.warnings.join()).toContain('affinity none');
  });

  test('says where to listen and what to ask, and the command line has the last word', () => {
    const text = `${URLS}listen: 0.0.0.0:9000\nhealth: { probe: discover, interval: 2s }\n`;
    expect(plan(text).listen).toEqual({ host: '0.0.0.0', port: 9000 });
    expect(plan(text).probe).toBe('discover');
    expect(plan(text).setup.health.options['interval']).toBe(2000);
    expect(plan(text, { listen: '[::1]:0' }).listen).toEqual({ host: '[::1]', port: 0 });
    expect(plan(text, { set: ['balancer=random'] }).setup.balancer.name).toBe('random');
  });

  test('does not look at demand and faults, not even at the files they name', () => {
    const { setup } = plan(`${URLS}duration: 5s
faults: [{ at: 1h, servers: 17, crash: true }]
traffic:
  arrivals: { trace: { file: monday.csv } }
  timeout: 3s
  retries: { attempts: 2, backoff: 10ms }
  calls: { search: { work: { empirical: { file: work.csv } } } }
`);
    expect(setup.faults).toEqual([]);
    expect(setup.traffic.timeout).toBe(3000);
    expect(setup.traffic.retries.attempts).toBe(2);
  });

  test('serves with the policies of a contender when told to', () => {
    const text = `${URLS}contenders:\n  plain: {}\n  guarded: { breaker: counter, traffic.timeout: 1s }\n`;
    expect(plan(text).setup.breaker.name).toBe('none');
    const guarded = plan(text, { contender: 'guarded' });
    expect([guarded.contender, guarded.setup.breaker.name]).toEqual(['guarded', 'counter']);
    expect(guarded.setup.traffic.timeout).toBe(1000);
    expect(mistakeOf(text, { contender: 'gaurded' })).toContain('did you mean `guarded`?');
  });

  test.each([
    ['no servers', 'balancer: random\n', 'servers: missing'],
    [
      'servers to start',
      'servers: { count: 3 }\n',
      'a gateway fronts servers that are there already',
    ],
    ['no URL at all', 'servers: []\n', 'servers'],
    ['no real URL', 'servers: [http://]\n', 'allowed: a URL such as'],
    ['a port beyond all', `${URLS}listen: 127.0.0.1:70000\n`, 'allowed: a port from 0 to 65535'],
    ['no address', `${URLS}listen: here\n`, 'allowed: host:port'],
    ['a probe of its own', `${URLS}health: { probe: ping }\n`, 'allowed: a path such as /health'],
    ['a slip', `${URLS}balancr: random\n`, 'did you mean `balancer`?'],
  ])('%s is a mistake', (_, text, why) => {
    expect(mistakeOf(text)).toContain(why);
  });

  test('an autoscaler is warned about: a gateway starts nothing', () => {
    expect(plan(`${URLS}autoscaler: threshold\n`).warnings.join()).toContain(
      'a gateway can start no servers',
    );
  });
});
