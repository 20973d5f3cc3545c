/**
 * `gateway FILE`: serves a scenario's policies in front of real MCP servers until it is told to stop. What it does is
 * logged to stdout, a JSON object a line. SIGTERM or Ctrl-C ends it in good order, a second one at once.
 */
import { pino } from 'pino';
import { ScenarioError } from '../core/scenario-error.ts';
import { parseDuration } from '../core/units.ts';
import { Fleet } from '../fleet/fleet.ts';
import type { Facts } from '../fleet/facts.ts';
import type { Intentions } from '../fleet/intentions.ts';
import { wantsReports } from '../fleet/options.ts';
import { startClock } from '../live/clock.ts';
import { AdminServer } from '../live/gateway/admin-server.ts';
import { MCP_PATH, Served } from '../live/gateway/serve.ts';
import { UrlHost } from '../live/gateway/url-host.ts';
import { Journal } from '../live/journal.ts';
import { fleetOptions } from '../run.ts';
import { loadGateway, type GatewayPlan, type ListenAddress } from '../scenario/gateway-plan.ts';
import { warn } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { readText } from './files.ts';
import { aborted, listenForEnd } from './interrupt.ts';
import { openJournal, type JournalFile } from './journal-file.ts';
import { listening } from './listening.ts';

export interface GatewayOptions {
  readonly set?: readonly string[];
  readonly contender?: string;
  readonly listen?: string;
  readonly admin?: string;
  readonly journal?: string;
  readonly sessionIdle?: string;
  readonly allowHost?: readonly string[];
}

/** Policies that draw lots draw these; what clients do is random enough. */
const SEED = 1;
const SESSION_IDLE = '1h';

/** Throws ScenarioError before it serves anything. */
export const gateway = async (file: string, options: GatewayOptions): Promise<ExitCode> => {
  const { set = [], contender, listen } = options;
  const plan = loadGateway({
    file,
    text: readText(file),
    readFile: readText,
    set,
    ...(contender === undefined ? {} : { contender }),
    ...(listen === undefined ? {} : { listen }),
  });
  plan.warnings.forEach(warn);
  const admin = adminAddress(options.admin);
  const idle = parseDuration(options.sessionIdle ?? SESSION_IDLE);
  const hosts = options.allowHost ?? [];
  const journal = options.journal === undefined ? null : openJournalOf(options.journal, plan);
  const log = pino({ base: { gateway: plan.name } });
  const { setup } = plan;
  const made = fleetOptions(setup, plan.inputs, SEED);
  const served = new Served({
    clock: startClock(),
    host: new UrlHost(plan.urls.map((url) => new URL(url))),
    weights: made.weights,
    newWeight: made.newWeight,
    probe: plan.probe,
    affinity: setup.affinity,
    strategy: setup.balancer.name,
    reports: wantsReports(made),
    driven: null,
    timeout: made.timeout,
    sessionIdle: idle,
    hosts,
    admin: options.admin === 'off' ? 'off' : admin === null ? 'with MCP' : 'apart',
    log,
    fleet: (world) => journaled(journal, world, (out) => new Fleet(made, out)),
  });
  const pages = admin === null ? null : new AdminServer(served.pages, hosts, log);
  try {
    await served.open();
    served.begin();
    const { host } = plan.listen;
    const port = await listening(() => served.gateway.listen(host, plan.listen.port), plan.listen);
    if (pages !== null && admin !== null) {
      const at = await listening(() => pages.listen(admin.host, admin.port), admin);
      log.info({}, `status and metrics at http://${admin.host}:${at}`);
    }
    log.info({ servers: plan.urls }, `serving MCP at http://${host}:${port}${MCP_PATH}`);
    const told = listenForEnd();
    await aborted(told);
    const signal: unknown = told.reason;
    log.info({ signal, deadlineMs: setup.drain }, 'draining: no new work, then the end');
    await served.close(setup.drain);
    log.info({}, 'done');
  } finally {
    pages?.close();
    await served.close(0);
    await journal?.close();
  }
  return EXIT.done;
};

const openJournalOf = (
  file: string,
  { name, contender, setup, inputs }: GatewayPlan,
): JournalFile =>
  openJournal(file, {
    scenario: name,
    contender: contender ?? 'baseline',
    setup,
    inputs,
    seed: SEED,
  });

const journaled = (
  file: JournalFile | null,
  world: Intentions,
  makeFleet: (out: Intentions) => Facts,
): Facts => {
  if (file === null) return makeFleet(world);
  const journal = new Journal((line) => file.write(line));
  return journal.facts(makeFleet(journal.intentions(world)));
};

const adminAddress = (text: string | undefined): ListenAddress | null => {
  if (text === undefined || text === 'off') return null;
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host !== '' && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new ScenarioError('allowed: host:port such as 127.0.0.1:9090, or off', {
    file: `--admin ${text}`,
  });
};
