/** The real command line in a folder of its own: what it prints, what it writes, and how it exits. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtProgram } from './built.ts';

const MAIN = builtProgram();

export interface Exit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Close the reading end of its stdout at once, as `head` may. */
  readonly deaf?: boolean;
  /** Given the process as soon as there is one. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Told each time it prints to stderr, with all it has printed. */
  readonly watch?: (child: ChildProcess, stderr: string) => void;
}

/** A temporary folder in which windtunnel is called. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'windtunnel-'));

  write(file: string, text: string): void {
    writeFileSync(join(this.path, file), text);
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  /** All files below, sorted. */
  files(): string[] {
    const entries = readdirSync(this.path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.path.length + 1))
      .sort();
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  windtunnel(words: readonly string[], options: RunOptions = {}): Promise<Exit> {
    const child = spawn(process.execPath, [MAIN, ...words], {
      cwd: this.path,
      env: { ...process.env, ...options.env },
    });
    options.onStart?.(child);
    let stdout = '';
    let stderr = '';
    if (options.deaf === true) child.stdout.destroy();
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.watch?.(child, stderr);
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
  }
}
