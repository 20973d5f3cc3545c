/**
 * How far the work is, on stderr: a bar on a terminal, drawn over in place and erased at the end; elsewhere (a log, CI) a
 * plain line now and then.
 */
import { fit } from '../report/terminal.ts';
import { isScreen, tell, widthOf } from './console.ts';

export interface Work {
  /** Share of all work that is done, 0..1. */
  share(): number;
  /** "12 of 20 runs" */
  describe(): string;
}

const REDRAW_MS = 100;
const LINE_EVERY_MS = 10_000;
const BAR_COLUMNS = 24;
/** The remaining time is not guessed from less than this share of the work. */
const ENOUGH_TO_GUESS = 0.02;

/** Shows progress until the function it returns is called. */
export const showProgress = (work: Work): (() => void) => {
  const stream = process.stderr;
  const screen = isScreen(stream);
  const startedAt = performance.now();
  const draw = (): void => {
    const text = progressText(work, performance.now() - startedAt);
    if (screen)
      stream.write(`\r${fit(`${bar(work.share())} ${text}`, widthOf(stream) - 1)}\u001B[K`);
    else tell(text);
  };
  const timer = setInterval(draw, screen ? REDRAW_MS : LINE_EVERY_MS);
  return () => {
    clearInterval(timer);
    if (screen) stream.write('\r\u001B[K');
  };
};

/** `63 %, 12 of 20 runs, about 8 s left` */
export const progressText = (work: Work, elapsedMs: number): string => {
  const share = Math.min(work.share(), 1);
  const told = `${Math.floor(100 * share)} %, ${work.describe()}`;
  if (share < ENOUGH_TO_GUESS || share === 1) return told;
  return `${told}, ${roughTime((elapsedMs * (1 - share)) / share)} left`;
};

/** `about 8 s`, `about 12 min`, `about 3 h` */
export const roughTime = (ms: number): string => {
  const seconds = ms / 1000;
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${Math.round(seconds / 3600)} h`;
};

const bar = (share: number): string => {
  const filled = Math.round(BAR_COLUMNS * Math.min(share, 1));
  return '█'.repeat(filled) + '░'.repeat(BAR_COLUMNS - filled);
};
