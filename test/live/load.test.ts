/** The verb, from the command line to the files it writes. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Results } from '../../src/results/results.ts';
import { Folder, type Exit } from '../e2e/windtunnel.ts';
import { ECHO, LoadTarget, type Manners } from './load-target.ts';

const TLS = join(import.meta.dirname, '../fixtures/tls');
const TOKEN = 'hunter22-correct-horse';

let folder: Folder;
const opened: LoadTarget[] = [];
beforeEach(() => void (folder = new Folder()));
afterEach(() => {
  opened.splice(0).forEach((server) => server.close());
  folder.remove();
});

const serve = async (manners: Manners = {}): Promise<LoadTarget> => {
  const server = await new LoadTarget(manners).listen();
  opened.push(server);
  return server;
};

const load = (server: LoadTarget, words: readonly string[], env = {}): Promise<Exit> =>
  folder.windtunnel(['load', server.url, '--duration', '1s', '--out', 'load', ...words], { env });

const results = (name = 'load'): Results => JSON.parse(folder.read(`${name}.json`)) as Results;

describe('load', () => {
  test('writes results and report of a closed loop', async () => {
    const server = await serve({ delay: 20 });
    const { code, stdout, stderr } = await load(server, ['--connections', '3']);
    expect(code, stderr).toBe(0);
    expect(folder.files()).toEqual(['load.csv', 'load.html', 'load.json', 'load.md']);
    const { mode, complete, scenario, contenders, command } = results();
    expect({ mode, complete, judge: scenario.judge }).toEqual({
      mode: 'load',
      complete: true,
      judge: ['goodputRps', 'errorRate', 'latencyMsP99'],
    });
    const [target] = contenders;
    expect(target!.policies).toMatchObject({ loop: 'closed, 3 connections', engine: 'autocannon' });
    expect(target!.metrics.latencyMsP50!.mean).toBeGreaterThanOrEqual(19.5);
    expect(target!.metrics.goodputRps!.mean).toBeGreaterThan(60);
    expect(target!.metrics.goodputRps!.mean).toBeLessThanOrEqual(152);
    const present = target!.series.bands.inFlight!.mean.slice(20, 100);
    expect(present.filter((many) => many === 3).length).toBeGreaterThan(60);
    expect(command).toContain(`load ${server.url} --connections 3 --duration 1s`);
    expect(stdout).toContain('with 3 clients calling at once?');
    expect(server.arguments[0]).toEqual({ text: 'windtunnel' });
  });

  test('exits with 99 when an objective is missed and --strict was given, and with 0 otherwise', async () => {
    const server = await serve({ delay: 30 });
    const objectives = ['--slo', 'p50=10ms', '--slo', 'errors=1%'];
    // A machine that is busy with other tests may send late, which is another matter.
    const closed = ['--connections', '1', ...objectives];
    const strict = await load(server, [...closed, '--strict']);
    expect(strict.code, strict.stderr).toBe(99);
    expect(strict.stderr).toMatch(/SLO missed.*p50 latency.*limit 10 ms/);
    expect((await load(server, closed)).code).toBe(0);
    expect(results().contenders[0]!.slo.map(({ metric, met }) => [metric, met])).toEqual([
      ['latencyMsP50', false],
      ['errorRate', true],
    ]);
  });

  test('meets no objective on a target that falls silent, however well it began', async () => {
    const server = await serve({ onCall: (number) => number > 60 });
    const words = '--connections 3 --warmup 0 --timeout 1s --slo p99=1s --slo errors=50%'.split(
      ' ',
    );
    const { code, stderr } = await load(server, [...words, '--duration', '3s', '--strict']);
    expect(code, stderr).toBe(99);
    const { contenders, warnings } = results();
    const { metrics, slo } = contenders[0]!;
    expect(metrics.timeouts!.mean).toBeGreaterThanOrEqual(3);
    expect(metrics.failed!.mean).toBe(metrics.timeouts!.mean);
    expect(slo.map(({ met }) => met)).toEqual([false, false]);
    expect(stderr).toMatch(/SLO missed .*p99 latency .*, which too few answers vouch for/);
    expect(warnings.join()).toMatch(/Silence: for \d+ % .* all clients .* never answered/);
  });

  test('counts calls without a deadline that are never answered as unanswered', async () => {
    const server = await serve({ delay: 20, onCall: (number) => number > 9 });
    const words = '--connections 3 --warmup 0 --timeout none --slo errors=1%'.split(' ');
    expect((await load(server, [...words, '--strict'])).code).toBe(99);
    const { metrics } = results().contenders[0]!;
    expect(metrics.arrived!.mean - metrics.requests!.mean).toBe(3);
    expect(results().warnings.join()).toContain('had no answer when the run ended');
  });

  test('counts sessions that the target loses, by clients and by arrivals', async () => {
    const manners = (): Manners => ({
      era: 'legacy',
      delay: 5,
      onCall: (number) => {
        if (number % 40 === 0) opened.forEach((server) => server.forgetSessions());
        return false;
      },
    });
    for (const loop of ['--connections 3', '--rate 100/s']) {
      const server = await serve(manners());
      const words = `${loop} --slo sessionsLost=0 --strict`.split(' ');
      const { code, stderr } = await load(server, words);
      expect([97, 99], stderr).toContain(code);
      const [{ metrics, slo }] = results().contenders as [Results['contenders'][0]];
      expect(metrics.sessionsLost!.mean).toBeGreaterThan(0);
      expect(metrics.sessions!.mean).toBeGreaterThan(metrics.sessionsLost!.mean);
      expect(slo).toMatchObject([{ mean: metrics.sessionsLost!.mean, met: false }]);
    }
  });

  test.each([
    ['sessionsLost=0', 'an objective on sessions lost cannot be measured: the target gives out no'],
    ['serverSeconds=9', 'it is not seen from outside'],
  ])('refuses the objective %s where nothing could speak for it', async (objective, why) => {
    const { code, stderr } = await load(await serve(), ['--slo', objective]);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(folder.files()).toEqual([]);
  });

  test('exits with 97 when no request was completed', async () => {
    const server = await serve({
      onCall: (_number, response) => {
        response.writeHead(500).end();
        return true;
      },
    });
    const { code, stderr } = await load(server, ['--connections', '1']);
    expect(code, stderr).toBe(97);
    expect(stderr).toContain('No request was completed');
    expect(results().contenders[0]!.metrics.errorRate!.mean).toBe(1);
  });

  test('exits with 97 when connections were dropped under a closed loop', async () => {
    const server = await serve({
      onCall: (number, _response, socket) => {
        if (number === 50) socket.destroy();
        return number === 50;
      },
    });
    const { code, stderr } = await load(server, ['--connections', '2']);
    expect(code, stderr).toBe(97);
    expect(results().warnings.join()).toContain('a connection was dropped with a call under way');
  });

  test('opens the loop with --rate, and tells how late it was itself', async () => {
    const server = await serve({ delay: 20 });
    const { code, stderr } = await load(server, ['--rate', '50/s', '--seeds', '2']);
    expect([0, 97], stderr).toContain(code);
    const { contenders, lag } = results();
    expect(contenders[0]!.runs.map(({ seed }) => seed)).toEqual([1, 2]);
    expect(contenders[0]!.metrics.requests!.mean).toBeGreaterThan(25);
    expect(lag![0]!.p50).toBeLessThan(20);
  });

  test('takes the traffic of a scenario file, sessions and tools included', async () => {
    const server = await serve({ era: 'legacy', tools: [ECHO, { name: 'other' }] });
    folder.write(
      'demand.yaml',
      `traffic:
  arrivals: { constant: { rate: 20/s } }
  sessions: { calls: { constant: 2 }, think: 10ms }
  calls: { echo: { share: 50% }, other: { share: 50% } }
servers: { count: 3 }
contenders: { a: {}, b: { balancer: random } }
`,
    );
    const { code, stderr } = await load(server, ['--arrivals', 'demand.yaml']);
    expect([0, 97], stderr).toContain(code);
    const { contenders, scenario } = results();
    expect(contenders.map(({ name }) => name)).toEqual([new URL(server.url).host]);
    expect(scenario.duration).toBe(1000);
    expect(contenders[0]!.tools.map(({ name }) => name)).toEqual(['initialize', 'echo', 'other']);
    expect(contenders[0]!.sessions!.started).toBe(contenders[0]!.metrics.sessions!.mean);
    expect(server.opened).toBeGreaterThanOrEqual(19);
    expect(server.ended).toBeGreaterThanOrEqual(server.opened - 2);
  });

  test('gives single calls beside sessions sessions to share', async () => {
    const server = await serve({ era: 'legacy' });
    const traffic = `{ arrivals: { constant: { rate: 40/s } }, sessions: { share: 50%, calls: { constant: 2 }, think: 10ms } }`;
    folder.write('demand.yaml', `traffic: ${traffic}\nservers: { count: 1 }\n`);
    const { code, stderr } = await load(server, ['--arrivals', 'demand.yaml']);
    expect([0, 97], stderr).toContain(code);
    const { metrics, failures } = results().contenders[0]!;
    expect([metrics.toolErrorRate!.mean, failures]).toEqual([0, {}]);
    expect(metrics.sessions!.mean).toBeGreaterThan(10 + 5);
  });

  test('compares two deployments under the same load, and refuses unlike loads', async () => {
    const [slow, fast] = [await serve({ delay: 60 }), await serve({ delay: 10 })];
    for (const [server, out] of [
      [slow, 'last-week'],
      [fast, 'today'],
    ] as const) {
      expect((await load(server, ['--connections', '2', '--out', out])).code).toBe(0);
    }
    await load(fast, ['--connections', '4', '--out', 'other']);
    const alike = await folder.windtunnel(['compare', 'last-week.json', 'today.json']);
    expect(alike.code, alike.stderr).toBe(0);
    expect(alike.stdout).toMatch(/goodput/);
    const unlike = await folder.windtunnel(['compare', 'last-week.json', 'other.json']);
    expect(unlike.code).toBe(2);
  });

  test('Ctrl-C writes what there is, and exits with 130', async () => {
    const server = await serve({ delay: 5 });
    let pressed = false;
    const { code, stderr } = await folder.windtunnel(
      [
        'load',
        server.url,
        '--connections',
        '2',
        '--duration',
        '1m',
        '--warmup',
        '100ms',
        '--out',
        'load',
      ],
      {
        watch: (child, told) => {
          if (pressed || !told.includes('autocannon')) return;
          pressed = true;
          setTimeout(() => child.kill('SIGINT'), 1500);
        },
      },
    );
    expect(code, stderr).toBe(130);
    const { complete, contenders, warnings } = results();
    expect(complete).toBe(false);
    expect(contenders[0]!.metrics.completed!.mean).toBeGreaterThan(50);
    expect(contenders[0]!.metrics.goodputRps!.mean).toBeGreaterThan(50);
    expect(warnings.join()).toContain('cut short');
  });
});

describe('before anything is put under load, load refuses', () => {
  const refusal = async (words: readonly string[]): Promise<string> => {
    const { code, stderr } = await folder.windtunnel(['load', ...words]);
    expect(code, stderr).toBe(2);
    expect(folder.files()).toEqual([]);
    return stderr;
  };

  test('a target that is not this machine, without --yes', async () => {
    expect(await refusal(['http://192.0.2.1/mcp'])).toContain('--yes says that you may');
  });
  test('a target where nothing listens', async () => {
    const server = await new LoadTarget().listen();
    const { url } = server;
    server.close();
    expect(await refusal([url])).toContain('connection refused');
  });
  test('a target that speaks no MCP, of neither era when it may be either', async () => {
    const server = createServer((_request, response) => void response.writeHead(404).end('<html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await refusal([url])).toContain(
      'no MCP server answers here, of either era: HTTP 404 to `server/discover` and 404 to `initialize`',
    );
    expect(await refusal([url, '--era', 'modern'])).toContain('no MCP server of the modern era');
    server.close();
  });
  test('a target whose tools are none of them declared read-only', async () => {
    const server = await serve({ tools: [{ name: 'drop_tables' }] });
    expect(await refusal([server.url])).toContain('name one with --tool: drop_tables');
    expect(server.calls).toBe(0);
  });
  test('a tool that the target does not have', async () => {
    const server = await serve();
    expect(await refusal([server.url, '--tool', 'ecko'])).toContain('did you mean `echo`');
    expect(server.calls).toBe(0);
  });
});

describe('secrets', () => {
  /** All that it printed and wrote. */
  const traces = ({ stdout, stderr }: Exit): string =>
    [
      stdout,
      stderr,
      ...folder
        .files()
        .filter((file) => file !== 'headers')
        .map((file) => folder.read(file)),
    ].join('\n');

  test('go to the target and nowhere else', async () => {
    const server = await serve({ token: TOKEN });
    folder.write('headers', 'X-Api-Key: battery-staple\n');
    const words = ['--bearer-env', 'MCP_TOKEN', '--header-file', 'headers'];
    for (const loop of [
      ['--connections', '2'],
      ['--rate', '50/s'],
    ]) {
      const exit = await load(server, [...words, ...loop], { MCP_TOKEN: TOKEN });
      expect([0, 97], exit.stderr).toContain(exit.code);
      expect(results().contenders[0]!.metrics.errorRate!.mean).toBe(0);
      expect(traces(exit)).not.toMatch(/hunter22|battery-staple/);
      expect(traces(exit)).toContain('--header-file headers --bearer-env MCP_TOKEN');
    }
    expect(server.headers.every((headers) => headers['x-api-key'] === 'battery-staple')).toBe(true);
  });

  test('are concealed when the target quotes them', async () => {
    const server = await serve({
      token: TOKEN,
      onCall: (_number, response) => {
        response.writeHead(500).end(`{"error":{"code":1,"message":"you sent Bearer ${TOKEN}"}}`);
        return true;
      },
    });
    const exit = await load(server, ['--bearer-env', 'MCP_TOKEN'], { MCP_TOKEN: TOKEN });
    expect(exit.stderr).toContain('you sent ***');
    expect(traces(exit)).not.toContain('hunter22');
  });

  test('that are wrong are told as such, and not repeated', async () => {
    const server = await serve({ token: TOKEN });
    const exit = await load(server, ['--bearer-env', 'MCP_TOKEN'], { MCP_TOKEN: 'wrong-hunter22' });
    expect(exit.code).toBe(2);
    expect(exit.stderr).toContain('it answers 401');
    expect(traces(exit)).not.toContain('hunter22');
  });

  test('are not sent to a target whose certificate nobody vouches for', async () => {
    const tls = {
      key: readFileSync(join(TLS, 'key.pem'), 'utf8'),
      cert: readFileSync(join(TLS, 'certificate.pem'), 'utf8'),
    };
    const server = await serve({ tls, token: TOKEN });
    const words = ['--bearer-env', 'MCP_TOKEN', '--connections', '2'];
    const env = { MCP_TOKEN: TOKEN };
    const refused = await load(server, words, env);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('its certificate is not trusted');
    expect(server.headers).toEqual([]);

    const trusted = { ...env, NODE_EXTRA_CA_CERTS: join(TLS, 'certificate.pem') };
    expect((await load(server, words, trusted)).code).toBe(0);
    expect(results().contenders[0]!.policies['engine']).toBe('closed-loop');

    expect((await load(server, [...words, '--insecure'], env)).code).toBe(0);
    expect(results().contenders[0]!.policies['engine']).toBe('autocannon');
  });
});
