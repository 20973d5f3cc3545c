/**
 * The pod template of a contender, after the reference's Deployment: checks become the readiness probe, start-up its
 * initial delay, drain the grace period. The liveness probe and the sizes are the template's: no run tests them.
 */
import type { Setup } from '../../scenario.ts';
import { wholeSeconds, type Remark } from './remarks.ts';

const PORT = 8000;
const CPU_LIMIT_MILLI = 500;

interface Health {
  readonly interval: number;
  readonly timeout: number;
  readonly unhealthy: number;
  readonly healthy: number;
  readonly probe?: string;
}

export const podOf = (setup: Setup, name: string, remark: Remark): object => ({
  terminationGracePeriodSeconds: wholeSeconds(setup.drain, 'drain', remark),
  containers: [
    {
      name,
      image: `${name}:latest`,
      ports: [{ containerPort: PORT }],
      ...probesOf(setup, remark),
      resources: {
        requests: { memory: '256Mi', cpu: cpuRequest(setup) },
        limits: { memory: '512Mi', cpu: `${CPU_LIMIT_MILLI}m` },
      },
    },
  ],
});

const probesOf = (setup: Setup, remark: Remark): object => {
  const { health, servers } = setup;
  const delay = wholeSeconds(servers.startup, 'servers.startup', remark);
  if (health.name === 'none') {
    remark('health: none: without a readiness probe a pod is ready as soon as it has started');
    if (delay === 0) return {};
    return { startupProbe: { ...asked('tcp'), initialDelaySeconds: delay } };
  }
  // The options of `active`, the one kind of checks there is.
  const options = health.options as unknown as Health;
  const period = Math.max(1, wholeSeconds(options.interval, 'health.interval', remark));
  remark('livenessProbe, image, ports and sizes are a template: no run has tested them');
  return {
    readinessProbe: {
      ...asked(options.probe ?? '/health'),
      initialDelaySeconds: delay,
      periodSeconds: period,
      timeoutSeconds: Math.max(1, wholeSeconds(options.timeout, 'health.timeout', remark)),
      failureThreshold: options.unhealthy,
      successThreshold: options.healthy,
    },
    livenessProbe: {
      ...asked(options.probe ?? '/health'),
      initialDelaySeconds: delay + 10,
      periodSeconds: 2 * period,
    },
  };
};

const asked = (probe: string): object =>
  probe.startsWith('/') ? { httpGet: { path: probe, port: PORT } } : { tcpSocket: { port: PORT } };

/** The HPA's 100 % is the request, all slots busy are the limit. */
const cpuRequest = ({ autoscaler }: Setup): string => {
  const share = autoscaler.name === 'hpa' ? Number(autoscaler.options['request'] ?? 1) : 1;
  const micro = Math.round(share * CPU_LIMIT_MILLI * 1000);
  return micro % 1000 === 0 ? `${micro / 1000}m` : `${micro}u`;
};
