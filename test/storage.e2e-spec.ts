import { databaseConfig } from '../src/database/database.config.js';
import { useDatabases } from '../src/database/testing/fresh-database.js';
import { PostgresServer } from './support/postgres.js';

// The specs that run on SQLite beside their source: the very same again, on PostgreSQL.
let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.close());

useDatabases(async () => {
  process.env['DATABASE_URL'] = await server.createDatabase();
  return databaseConfig();
});

await import('../src/connections/connection-vault.spec.js');
await import('../src/database/database-clock.spec.js');
await import('../src/session/sessions.spec.js');
await import('../src/connections/key-rotation.spec.js');
