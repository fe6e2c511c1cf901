import { authConfig } from './auth/auth.config.js';
import { httpConfig } from './common/http.config.js';
import { connectionsConfig } from './connections/connections.config.js';
import { databaseConfig } from './database/database.config.js';
import { loggingConfig } from './operations/logging.config.js';
import { pagerDutyConfig } from './pagerduty/pagerduty.config.js';
import { sandboxConfig } from './sandbox-mode.js';
import { pagesConfig } from './welcome/pages.config.js';

/** The settings of all features. */
export const SETTINGS = [
  httpConfig,
  authConfig,
  pagerDutyConfig,
  connectionsConfig,
  databaseConfig,
  pagesConfig,
  loggingConfig,
  sandboxConfig,
] as const;
