/** The words of `load`: its argument, options and help. */
import type { Command } from 'commander';
import type { ExitCode } from './exit.ts';
import { interruptible } from './interrupt.ts';
import type { LoadOptions } from './load.ts';

export const addLoad = (program: Command, done: (code: ExitCode) => void): void => {
  program
    .command('load <url>')
    .description('put a real MCP deployment under load; same results and report as sim')
    .option(
      '--connections <n>',
      'closed loop: clients that call, wait and call again (default: 10)',
    )
    .option('--rate <rate>', 'open loop: Poisson arrivals, such as 100/s')
    .option(
      '--arrivals <file>',
      'open loop: the `traffic` of a scenario file: its arrivals, sessions, tools',
    )
    .option('--duration <time>', 'how long a run lasts (default: 30s, or what the file says)')
    .option('--warmup <time>', 'cut from every metric (default: a tenth of the duration)')
    .option(
      '--timeout <time>',
      'deadline of a call, or none; calls in flight at the end are followed for so long, or for a tenth of the duration (default: 10s, or what the file says)',
    )
    .option('--seeds <n>', 'runs, one after the other; verdicts need 10 (default: 1)')
    .option('--tool <name>', 'the tool to call (default: the first that is declared read-only)')
    .option(
      '--arguments <json>',
      'its arguments, or @FILE with them (default: made up from its inputSchema)',
    )
    .option('--era <era>', 'auto, modern (2026-07-28) or legacy (2025-11-25 and before)')
    .option('--header-file <file>', 'headers to send, `Name: value` a line; never shown')
    .option('--bearer-env <name>', 'environment variable with a bearer token; never shown')
    .option('--insecure', 'take any TLS certificate')
    .option('--yes', 'the target is not this machine, and you may put it under load')
    .option(
      '--slo <limit>',
      'an objective: p99=500ms, errors=1%, goodput=50/s, sessionsLost=0; may be repeated',
      gather,
    )
    .option('--strict', 'exit with 99 when an SLO is missed')
    .option('--out <dir/name>', 'where the report goes (default: reports/load)')
    .option('--open', 'open the report when it is done')
    .addHelpText(
      'after',
      `
Examples:
  windtunnel load http://127.0.0.1:8001/mcp --connections 50 --duration 1m
  windtunnel load http://127.0.0.1:8001/mcp --rate 100/s --slo p99=500ms --slo errors=1% --strict
  windtunnel load https://mcp.example.com/mcp --rate 5/s --bearer-env MCP_TOKEN --tool search --arguments '{"query":"x"}' --yes
  windtunnel compare reports/last-week.json reports/load.json`,
    )
    .action(async (url: string, options: LoadOptions) =>
      done(await interruptible(async () => (await import('./load.ts')).load(url, options))),
    );
};

const gather = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];
