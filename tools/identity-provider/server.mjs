// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
//
// The identity provider of the lab: oidc-provider with the clients and users of the lab file, kept in
// memory. node server.mjs SETTINGS.json, where the settings are
//   {"issuer": "https://login.example", "port": 3000,
//    "clients": [{"id": "...", "secret": "...", "redirect": "https://..." or ""}], "users": ["..."]}
// It listens on loopback only; the web server of the same host stands before it with the certificate.
import { readFileSync } from 'node:fs';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const users = new Set(settings.users);
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

const clients = settings.clients.map(({ id, secret, redirect }) => ({
  client_id: id,
  client_secret: secret,
  grant_types: redirect ? ['authorization_code', 'client_credentials'] : ['client_credentials'],
  response_types: redirect ? ['code'] : [],
  redirect_uris: redirect ? [redirect] : [],
  token_endpoint_auth_method: 'client_secret_post',
}));

const provider = new Provider(settings.issuer, {
  clients,
  jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256' }] },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  // A person of the lab file exists; nobody else does.
  findAccount: (context, id) =>
    users.has(id) ? { accountId: id, claims: () => ({ sub: id }) } : undefined,
  pkce: { required: () => false },
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    // The login page that comes with the library: any password of a known person is right.
    devInteractions: { enabled: true },
  },
});
provider.proxy = true;
provider.listen(settings.port, '127.0.0.1');
