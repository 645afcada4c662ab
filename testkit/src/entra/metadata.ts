import { AadstsError } from './aadsts.ts';
import { consumersTenantId } from './directory.ts';
import { aadstsReply, type Exchange, json, type Reply } from './exchange.ts';
import { authorityPath, type EntraState, getAuthority } from './state.ts';

/**
 * The discovery document. For `common` and `organizations` the issuer is a template with the literal text
 * `{tenantid}`: equality with an ID token's `iss` never holds, the client must fill in `tid`.
 */
export function answerDiscovery(state: EntraState, exchange: Exchange): Reply {
  if (state.faults.take('discovery_500')) return json(500, { error: 'server_error' });
  try {
    const authority = getAuthority(state, exchange.params.tenant ?? '');
    const base = `${exchange.loginBase}/${authorityPath(authority)}`;
    const wrong = state.faults.take('discovery_wrong_issuer') !== undefined;
    return json(
      200,
      {
        token_endpoint: `${base}/oauth2/v2.0/token`,
        token_endpoint_auth_methods_supported: [
          'client_secret_post',
          'private_key_jwt',
          'client_secret_basic',
          'self_signed_tls_client_auth',
        ],
        jwks_uri: `${base}/discovery/v2.0/keys`,
        response_modes_supported: ['query', 'fragment', 'form_post'],
        subject_types_supported: ['pairwise'],
        id_token_signing_alg_values_supported: ['RS256'],
        response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
        scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
        issuer: wrong
          ? 'https://login.evil.example/v2.0'
          : discoveryIssuer(exchange, authorityPath(authority)),
        request_uri_parameter_supported: false,
        userinfo_endpoint: `${exchange.graphBase}/oidc/userinfo`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
        http_logout_supported: true,
        frontchannel_logout_supported: true,
        end_session_endpoint: `${base}/oauth2/v2.0/logout`,
        claims_supported: [
          'sub',
          'iss',
          'cloud_instance_name',
          'cloud_instance_host_name',
          'cloud_graph_host_name',
          'msgraph_host',
          'aud',
          'exp',
          'iat',
          'auth_time',
          'acr',
          'nonce',
          'preferred_username',
          'name',
          'tid',
          'ver',
          'at_hash',
          'c_hash',
          'email',
        ],
        tenant_region_scope: null,
        cloud_instance_name: 'microsoftonline.com',
        cloud_graph_host_name: 'graph.windows.net',
        msgraph_host: new URL(exchange.graphBase).host,
        rbac_url: 'https://pas.windows.net',
      },
      { 'access-control-allow-origin': '*' },
    );
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error;
    return aadstsReply(
      new AadstsError(90002, { tenant: exchange.params.tenant ?? '' }, { error: 'invalid_tenant' }),
      exchange.trace,
    );
  }
}

function discoveryIssuer(exchange: Exchange, path: string): string {
  if (path === 'consumers') return `${exchange.loginBase}/${consumersTenantId}/v2.0`;
  const tenant = path === 'common' || path === 'organizations' ? '{tenantid}' : path;
  return `${exchange.loginBase}/${tenant}/v2.0`;
}

/** The signing keys. Each names the issuer that it signs for, as a template at the aliases. */
export function answerKeys(state: EntraState, exchange: Exchange): Reply {
  if (state.faults.take('keys_500')) return json(500, { error: 'server_error' });
  if (state.faults.take('keys_empty')) return json(200, { keys: [] });
  try {
    const authority = getAuthority(state, exchange.params.tenant ?? '');
    return json(200, state.keys.jwks(discoveryIssuer(exchange, authorityPath(authority))), {
      'access-control-allow-origin': '*',
      'cache-control': 'max-age=86400, private',
    });
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error;
    return aadstsReply(error, exchange.trace);
  }
}
