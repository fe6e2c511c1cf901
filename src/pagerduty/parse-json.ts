import { z } from 'zod';

/** The text as JSON of the schema's shape, or undefined: what is wrong with it may quote it, so it is not told. */
export function parseJson<S extends z.ZodType>(text: string, schema: S): z.output<S> | undefined {
  const parsed = z.string().transform(readJson).pipe(schema).safeParse(text);
  return parsed.success ? parsed.data : undefined;
}

function readJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('is not JSON');
    return z.NEVER;
  }
}
