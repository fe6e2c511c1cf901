import { jest } from '@jest/globals';

// A safety net on slow machines, never a way to wait: suites wait for conditions.
jest.setTimeout(60_000);
