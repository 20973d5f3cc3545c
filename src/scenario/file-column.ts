/** Which column of which file holds the numbers, and in what unit: shared by arrival traces and empirical distributions. */
import { z } from 'zod';

export interface FileColumn {
  /** As written; relative to the scenario. */
  readonly file: string;
  /** Its name in the header, or its number from 1; absent = the first. */
  readonly column?: string | number | undefined;
  readonly unit?: TimeUnit | undefined;
}

export const TIME_UNITS = ['ns', 'us', 'ms', 's', 'm', 'h', 'iso'] as const;
/** Unit of a file's numbers; `iso` for timestamps as text. */
export type TimeUnit = (typeof TIME_UNITS)[number];

export const FILE_FIELDS = {
  file: z.string().min(1).describe('CSV or one value a line; relative to the scenario'),
  column: z
    .union([z.string().min(1), z.int().min(1)])
    .describe('its name in the header, or its number from 1; the first if absent')
    .optional(),
  unit: z
    .enum(TIME_UNITS)
    .describe('unit of the numbers; ISO timestamps are recognised without it')
    .optional(),
};
