import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { HttpTransport } from './http-transport.js';
import { ClientCredentials } from './identity/client-credentials.js';
import { IdTokenVerifier } from './identity/id-token-verifier.js';
import { Jwks } from './identity/jwks.js';
import { TokenEndpoint } from './identity/token-endpoint.js';
import { pagerDutyConfig } from './pagerduty.config.js';
import { Pause, TimerPause } from './pause.js';
import { PagerDutyClient } from './rest/pagerduty-client.js';
import { PatientTransport } from './rest/patient-transport.js';

/** PagerDuty seen from here: tokens, who a token belongs to, and the REST API. Its settings come along. */
@Module({
  imports: [ConfigModule.forFeature(pagerDutyConfig)],
  providers: [
    HttpTransport,
    { provide: Pause, useClass: TimerPause },
    PatientTransport,
    ClientCredentials,
    TokenEndpoint,
    Jwks,
    IdTokenVerifier,
    PagerDutyClient,
  ],
  exports: [
    ConfigModule,
    Pause,
    ClientCredentials,
    TokenEndpoint,
    IdTokenVerifier,
    PagerDutyClient,
  ],
})
export class PagerDutyModule {}
