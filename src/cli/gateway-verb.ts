/** The verbs `gateway` and `replay`: arguments, options and help. */
import type { Command } from 'commander';
import type { ExitCode } from './exit.ts';
import type { GatewayOptions } from './gateway.ts';

type Done = (code: ExitCode) => void;

const GATEWAY_HELP = `
FILE is a scenario whose servers are URLs; demand and faults in it are ignored:
  servers: [ http://127.0.0.1:8001/mcp, { url: http://127.0.0.1:8002/mcp, weight: 2 } ]
  listen: 127.0.0.1:8080
  balancer: least-connections
  health: { interval: 10s, probe: /health }     # or tcp, or discover
  breaker: counter

It serves MCP at /mcp, and GET /health, /status and /metrics (Prometheus); it logs to stdout.
Legacy sessions stay with the server that created them unless FILE says affinity: none.
On the loopback it answers to names of the loopback only; beyond it to any until --allow-host names some. A browser's
Origin must be such a name, or an address, everywhere.
SIGTERM or Ctrl-C drains it for up to the file's drain (30s); a second one ends it at once.

Examples:
  windtunnel gateway fleet.yaml
  windtunnel gateway fleet.yaml --contender "with breaker" --listen 127.0.0.1:9000
  windtunnel gateway fleet.yaml --journal monday.journal && windtunnel replay monday.journal`;

export const addGateway = (program: Command, done: Done): void => {
  program
    .command('gateway <file>')
    .description('serve: the balancer of a scenario in front of real MCP servers')
    .option('--listen <host:port>', 'where to serve (default: what FILE says, or 127.0.0.1:8080)')
    .option('--contender <name>', 'serve with the policies of this contender')
    .option('--set <path=value>', 'change one value of FILE; may be repeated', gather)
    .option('--admin <host:port|off>', 'put /status and /metrics elsewhere, or nowhere')
    .option('--allow-host <name>', 'a name that clients call it by; may be repeated', gather)
    .option('--session-idle <duration>', 'forget legacy sessions unused for so long (default: 1h)')
    .option('--journal <file>', 'record what the fleet was told and what it wanted')
    .addHelpText('after', GATEWAY_HELP)
    .action(async (file: string, options: GatewayOptions) =>
      done(await (await import('./gateway.ts')).gateway(file, options)),
    );
};

export const addReplay = (program: Command, done: Done): void => {
  program
    .command('replay <journal>')
    .description('feed the facts of a recorded run to a fresh fleet, and show where it differs')
    .addHelpText(
      'after',
      '\nExits with 0 if every intention is the same, with 1 at the first that is not.\n\nExample:\n  windtunnel replay monday.journal',
    )
    .action(async (file: string) => done(await (await import('./replay.ts')).replay(file)));
};

const gather = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];
