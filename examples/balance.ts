/**
 * Balances calls over three tiny HTTP servers, one of which fails every call: its circuit opens, and it gets none any more.
 *
 *     npx tsx examples/balance.ts
 *
 * In a program of your own the import is from 'mcp-windtunnel', and `call` is what your MCP client does.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AutoScaler, NoServerError, ResilientLoadBalancer } from '../src/index.ts';

const main = async (): Promise<void> => {
  const servers = await Promise.all([listen('a', 200), listen('b', 200), listen('c', 500)]);
  const balancer = new ResilientLoadBalancer({
    servers: servers.map(urlOf),
    strategy: 'round_robin',
    healthCheckInterval: '10s',
    circuitBreaker: { failureThreshold: 3, recoveryTimeout: '30s' },
  });
  balancer.start();
  for (let i = 0; i < 12; i++) {
    try {
      console.log(`call ${i}: ${await balancer.execute(call)}`);
    } catch (error) {
      if (error instanceof NoServerError) console.log(`call ${i}: wait ${error.retryAfterMs} ms`);
      else console.log(`call ${i}: ${(error as Error).message}`);
    }
  }
  for (const { healthy, circuit } of balancer.getStatus().servers) {
    console.log(`healthy: ${healthy}, circuit: ${circuit}`);
  }
  console.log(advice(balancer));
  await balancer.stop();
  servers.forEach((server) => server.close());
};

/** Makes one call; an HTTP error is thrown, so that the circuit hears of it. */
const call = async (url: string): Promise<string> => {
  const response = await fetch(`${url}/work`);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.text();
};

const advice = (balancer: ResilientLoadBalancer): string => {
  const scaler = new AutoScaler({ minInstances: 2, maxInstances: 10 }, balancer);
  const action = scaler.evaluate({
    avgLatencyMs: 2400,
    requestsPerSecond: 80,
    activeConnections: 60,
    errorRate: 0.02,
    queueDepth: 12,
  });
  return `autoscaler: ${action ?? 'nothing'}, because ${scaler.because}`;
};

/** A server that is healthy and answers everything else with `status`. */
const listen = (name: string, status: number): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/health' ? 200 : status).end(`hello from ${name}`);
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });

const urlOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

await main();
