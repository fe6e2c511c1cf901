import { createSecretKey, randomBytes } from 'node:crypto';
import { Test } from '@nestjs/testing';
import { CommonModule } from '../common/common.module.js';
import { httpConfig } from '../common/http.config.js';
import { connectionsConfig } from '../connections/connections.config.js';
import { ConnectionsModule } from '../connections/connections.module.js';
import { KeyRing } from '../connections/key-ring.js';
import { databaseConfig } from '../database/database.config.js';
import { DatabaseModule } from '../database/database.module.js';
import { pagerDutyConfig } from '../pagerduty/pagerduty.config.js';
import { SessionCookie } from './session-cookie.js';
import { SessionModule } from './session.module.js';
import { makeSessionToken } from './session-token.js';
import { Sessions } from './sessions.js';

describe('SessionModule', () => {
  it('starts with the database and the vault, the tables made before expired sessions are sought', async () => {
    const encryptionKeys = [{ id: 'k1', key: createSecretKey(randomBytes(32)) }];
    const module = await Test.createTestingModule({
      imports: [SessionModule, ConnectionsModule, DatabaseModule, CommonModule],
    })
      .overrideProvider(databaseConfig.KEY)
      .useValue({ sqlitePath: ':memory:' })
      .overrideProvider(connectionsConfig.KEY)
      .useValue({ encryptionKeys })
      .overrideProvider(pagerDutyConfig.KEY)
      .useValue({ clientSecrets: [] })
      .overrideProvider(httpConfig.KEY)
      .useValue({ secureCookies: false })
      .compile();
    await module.init();

    expect(await module.get(Sessions).find(makeSessionToken())).toBeUndefined();
    expect(module.get(SessionCookie)).toBeInstanceOf(SessionCookie);
    expect(module.get(KeyRing).sealer('token').seal('text', [])).toMatch(/^v1\.k1\./);
    await module.close();
  });
});
