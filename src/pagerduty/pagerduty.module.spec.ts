import { jest } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { CommonModule } from '../common/common.module.js';
import { Secret } from '../common/secret.js';
import { TokenEndpoint } from './identity/token-endpoint.js';
import { IdTokenVerifier } from './identity/id-token-verifier.js';
import { PagerDutyModule } from './pagerduty.module.js';
import { PagerDutyClient } from './rest/pagerduty-client.js';
import { json, LoopbackServer } from './testing/loopback-server.js';

const ANSWER = { token_type: 'bearer', access_token: 'fresh', expires_in: 60 };

describe('PagerDutyModule', () => {
  afterEach(() => jest.restoreAllMocks());

  it('needs nothing but its settings and the time, and closes its connections', async () => {
    const server = await LoopbackServer.start();
    server.replyWith(json(200, ANSWER));
    const PD_IDENTITY_URL = server.url;
    jest.replaceProperty(process, 'env', {
      PD_CLIENT_ID: 'client-1',
      PD_CLIENT_SECRET: 'secret-1',
      PD_IDENTITY_URL,
    });
    const app = await Test.createTestingModule({
      imports: [CommonModule, PagerDutyModule],
    }).compile();
    expect(app.get(PagerDutyClient)).toBeInstanceOf(PagerDutyClient);
    expect(app.get(IdTokenVerifier)).toBeInstanceOf(IdTokenVerifier);
    const endpoint = app.get(TokenEndpoint);
    expect((await endpoint.refresh(new Secret('old'))).accessToken.reveal()).toBe('fresh');

    await app.close();
    await expect(endpoint.refresh(new Secret('old'))).rejects.toThrow('pagerduty_unavailable');
    await server.close();
  });
});
