/**
 * Everything that is measured, as processes: forked roles of Node, and nginx and haproxy where they are installed, each with
 * a configuration of one worker that does the same job. What a contestant costs is the processor time of all of its
 * processes, user and system, as Linux counts it.
 */
import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import type { Role } from './roles.ts';

export interface Contestant {
  readonly name: string;
  readonly ports: readonly number[];
  /** Processor time so far, microseconds. */
  cpuMicros(): number;
  stop(): void;
}

export const forked = async (
  name: string,
  role: Role,
  entry: string,
  backends: readonly number[] = [],
  execArgv: readonly string[] = [],
): Promise<Contestant> => {
  const child = fork(entry, ['play', role, ...backends.map(String)], {
    execArgv: [...process.execArgv, ...execArgv],
  });
  const [{ ports }] = (await once(child, 'message')) as [{ ports: readonly number[] }];
  return contestant(name, ports, child);
};

/** Null where it is not installed. */
export const nginx = (backends: readonly number[]): Promise<Contestant | null> =>
  installed('nginx', ['-v'], (folder, port) => {
    const servers = backends.map((to) => `server 127.0.0.1:${to};`).join(' ');
    write(
      join(folder, 'nginx.conf'),
      `daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr crit;
       events { worker_connections 4096; }
       http {
         access_log off; keepalive_requests 1000000000; client_body_temp_path ${folder}; proxy_temp_path ${folder};
         fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
         upstream mcp { ${servers} keepalive 128; keepalive_requests 1000000000; }
         server {
           listen 127.0.0.1:${port};
           location / { proxy_pass http://mcp; proxy_http_version 1.1; proxy_set_header Connection ""; }
         }
       }`,
    );
    return ['-p', folder, '-c', join(folder, 'nginx.conf')];
  });

/** Null where it is not installed. */
export const haproxy = (backends: readonly number[]): Promise<Contestant | null> =>
  installed('haproxy', ['-v'], (folder, port) => {
    const servers = backends.map((to, k) => `  server s${k} 127.0.0.1:${to}`).join('\n');
    write(
      join(folder, 'haproxy.cfg'),
      `global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend mcp
  bind 127.0.0.1:${port}
  default_backend servers
backend servers
  balance roundrobin
${servers}
`,
    );
    return ['-f', join(folder, 'haproxy.cfg'), '-db'];
  });

const write = (file: string, text: string): void => writeFileSync(file, text);

const installed = async (
  program: string,
  version: readonly string[],
  configure: (folder: string, port: number) => readonly string[],
): Promise<Contestant | null> => {
  const asked = spawnSync(program, version, { encoding: 'utf8' });
  if (asked.error !== undefined) return null;
  const [, number = ''] = /(\d+\.\d+\.\d+)/.exec(asked.stdout + asked.stderr) ?? [];
  const folder = mkdtempSync(join(tmpdir(), `windtunnel-${program}-`));
  const port = await freePort();
  const child = spawn(program, configure(folder, port), { stdio: ['ignore', 'ignore', 'inherit'] });
  await accepts(port);
  return contestant(`${program} ${number}`, [port], child, () =>
    rmSync(folder, { recursive: true, force: true }),
  );
};

const contestant = (
  name: string,
  ports: readonly number[],
  child: ChildProcess,
  after: () => void = () => {},
): Contestant => ({
  name,
  ports,
  cpuMicros: () => cpuMicros(child.pid!),
  stop: () => {
    child.kill('SIGKILL');
    after();
  },
});

/** Linux counts in hundredths of a second; fields 14 and 15 of proc(5), the second field being a name in brackets. */
const cpuMicros = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const accepts = async (port: number): Promise<void> => {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return;
    await pause(50);
  }
  throw new Error(`nobody listens on port ${port}`);
};
