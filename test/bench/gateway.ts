/**
 * `npm run bench:gateway`: what a request costs on its way through the gateway, beside the same request sent straight to
 * its backend and through other proxies, in one run. Backends, load and machine are shared, so rounds are interleaved and
 * medians compared; the figure to trust is the processor time of the proxy's own process for each request. Linux only.
 *
 *   node --import tsx test/bench/gateway.ts [rounds] [seconds a round]
 */
import { fileURLToPath } from 'node:url';
import { forked, haproxy, nginx, type Contestant } from './gateway/contestants.ts';
import { Load } from './gateway/load.ts';
import { play, type Role } from './gateway/roles.ts';
import { ANSWER, REQUEST } from './gateway/wire.ts';

const CONNECTIONS = 64;
/** Before the first round, so that the compiler is done. */
const WARM_UP_CALLS = 20_000;
/** Times the bare proxy's processor time. */
const MOST_OF_BARE = 1.4;
/** Of @fastify/http-proxy's processor time, divided by ours. */
const LEAST_OF_FASTIFY = 1.5;

interface Figures {
  readonly perSecond: number[];
  readonly latencyMsP99: number[];
  readonly cpuMicros: number[];
  failures: number;
}

const entry = fileURLToPath(import.meta.url);

const measure = async (rounds: number, seconds: number): Promise<void> => {
  const figures = new Map<string, Figures>();
  for (let round = 0; round < rounds; round++) {
    const all = await contestants();
    try {
      for (const one of all) {
        if (round === 0) figures.set(one.name, noFigures());
        await warmUp(one.ports[0]!);
        await measureRound(one, figures.get(one.name)!, seconds);
      }
    } finally {
      for (const one of all) one.stop();
    }
  }
  console.log(tableOf(figures));
  judge([...figures.values()]);
};

/**
 * Processes of a round of their own: two of the same program may differ twofold, as their compiler and collector were
 * lucky, and would do so for as long as they live.
 */
const contestants = async (): Promise<readonly Contestant[]> => {
  const backends = await forked('direct', 'backends', entry);
  const { ports } = backends;
  const proxies = await Promise.all([
    forked('this gateway', 'gateway', entry, ports),
    forked('node:http + undici', 'bare', entry, ports),
    forked('@fastify/http-proxy', 'fastify', entry, ports),
    nginx(ports),
    haproxy(ports),
  ]);
  return [backends, ...proxies.filter((one) => one !== null)];
};

const noFigures = (): Figures => ({ perSecond: [], latencyMsP99: [], cpuMicros: [], failures: 0 });

const warmUp = async (port: number): Promise<void> => {
  const load = new Load(port, REQUEST, ANSWER.length, CONNECTIONS);
  while (load.answers < WARM_UP_CALLS) await load.round(100);
  load.stop();
};

const measureRound = async (
  contestant: Contestant,
  figures: Figures,
  seconds: number,
): Promise<void> => {
  const load = new Load(contestant.ports[0]!, REQUEST, ANSWER.length, CONNECTIONS);
  await load.round(200);
  const before = contestant.cpuMicros();
  const round = await load.round(seconds * 1000);
  const spent = contestant.cpuMicros() - before;
  load.stop();
  figures.perSecond.push((1000 * round.answers) / round.elapsedMs);
  figures.latencyMsP99.push(round.latencyMsP99);
  figures.cpuMicros.push(spent / round.answers);
  figures.failures += round.failures;
};

const BARE = 2;

const tableOf = (figures: ReadonlyMap<string, Figures>): string => {
  const bare = median([...figures.values()][BARE]!.cpuMicros);
  const rows = [...figures].map(([name, { perSecond, latencyMsP99, cpuMicros, failures }]) => {
    const cpu = median(cpuMicros);
    return [
      name.padEnd(20),
      median(perSecond).toFixed(0).padStart(9),
      median(latencyMsP99).toFixed(1).padStart(8),
      cpu.toFixed(1).padStart(8),
      `${Math.min(...cpuMicros).toFixed(0)}-${Math.max(...cpuMicros).toFixed(0)}`.padStart(8),
      (cpu / bare).toFixed(2).padStart(8),
      String(failures).padStart(7),
    ].join(' ');
  });
  const head = [
    'path'.padEnd(20),
    'requests/s'.padStart(9),
    'p99 ms'.padStart(7),
    'CPU us'.padStart(8),
    'min-max'.padStart(8),
    'of bare'.padStart(8),
    'failed'.padStart(7),
  ].join(' ');
  return [head, ...rows, 'CPU us: a request, of the process itself; of direct, the backends.'].join(
    '\n',
  );
};

const judge = (figures: readonly Figures[]): void => {
  const [, ours, bare, fastify] = figures.map(({ cpuMicros }) => median(cpuMicros));
  const ofBare = ours! / bare!;
  const ofFastify = fastify! / ours!;
  const good = ofBare <= MOST_OF_BARE && ofFastify >= LEAST_OF_FASTIFY;
  console.log(
    `${good ? 'reached' : 'MISSED'}: ${ofBare.toFixed(2)} of bare node:http + undici (${MOST_OF_BARE} at most), ` +
      `${ofFastify.toFixed(2)} times better than @fastify/http-proxy (${LEAST_OF_FASTIFY} at least)`,
  );
  if (!good || figures.some(({ failures }) => failures > 0)) process.exitCode = 1;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

if (process.argv[2] === 'play') {
  const ports = await play(process.argv[3] as Role, process.argv.slice(4).map(Number));
  process.on('disconnect', () => process.exit());
  process.send?.({ ports });
} else await measure(Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 2));
