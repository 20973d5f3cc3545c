/** The verb `export`: arguments, options and help. */
import { Argument, type Command } from 'commander';
import type { ExitCode } from './exit.ts';
import type { ExportOptions } from './export.ts';

const HELP = `
Writes Deployment, Service, PodDisruptionBudget and what scales it: an HPA, for the policy queue or a
schedule a KEDA ScaledObject, for kpa a Knative Service instead. What a manifest cannot express (breaker,
balancer, retries, ...) is said in a comment at the top. It goes to stdout unless --out names a file.

Examples:
  windtunnel export kubernetes reports/kubernetes.json
  windtunnel export kubernetes reports/kubernetes.json --contender "as deployed" --out deploy/mcp.yaml`;

export const addExport = (program: Command, done: (code: ExitCode) => void): void => {
  program
    .command('export')
    .addArgument(new Argument('<what>', 'kubernetes').choices(['kubernetes']))
    .argument('<results>', 'a results file of sim or live')
    .description('write a contender that was tested as Kubernetes manifests')
    .option('--contender <name>', 'which one (default: the one that leads)')
    .option('--out <file>', 'where to write (default: stdout)')
    .option('--name <name>', 'of the Deployment and all beside it (default: mcp-server)')
    .addHelpText('after', HELP)
    .action(async (_what: string, file: string, options: ExportOptions) =>
      done((await import('./export.ts')).exportKubernetes(file, options)),
    );
};
