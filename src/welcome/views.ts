import { join } from 'node:path';
import { Eta } from 'eta';

/** Where the templates are: also `root` of the view plugin, which sets it on the engine again. */
export const VIEWS_DIR = join(import.meta.dirname, 'views');

/** Where the style sheet and the icon are: to be served under `/assets/`. */
export const ASSETS_DIR = join(import.meta.dirname, 'assets');

/**
 * The template engine of all pages. Everything a template prints is escaped, its model is `it`
 * (see `PageModels`), and in production each template is compiled once.
 */
export function createEta(): Eta {
  return new Eta({
    views: VIEWS_DIR,
    autoEscape: true,
    varName: 'it',
    cache: process.env['NODE_ENV'] === 'production',
  });
}
