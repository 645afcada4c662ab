/**
 * @module Microsoft's numbered sign-in errors: HTTP status, OAuth error and wording of each one.
 *
 * `{app}`, `{app_name}`, `{tenant}`, `{user}`, `{value}` and `{other}` in a text are filled in by whoever throws.
 * `at` says where the error is seen: at the token endpoint (the default), as a redirect to the app, or only as
 * a page at Microsoft, in which case the app never hears of it.
 */
export interface AadstsEntry {
  readonly http: number;
  readonly error: string;
  readonly text: string;
  readonly about: string;
  readonly suberror?: string;
  readonly claims?: string;
  readonly at?: 'token' | 'redirect' | 'page';
}

const capolids =
  '{"access_token":{"capolids":{"essential":true,"values":["4dca72dd-f02e-4615-b1c9-e226952f2200"]}}}';

export const aadstsTable = {
  // the client
  7000215: {
    http: 401,
    error: 'invalid_client',
    about: 'wrong client secret, or the secret ID in its place',
    text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{app}'.",
  },
  7000222: {
    http: 401,
    error: 'invalid_client',
    about: 'expired client secret',
    text: "The provided client secret keys for app '{app}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
  },
  7000218: {
    http: 401,
    error: 'invalid_client',
    about: 'no client credentials in the request',
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
  700025: {
    http: 401,
    error: 'invalid_client',
    about: 'a public client sent credentials',
    text: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  },
  700027: {
    http: 401,
    error: 'invalid_client',
    about: 'client assertion signed by an unknown certificate, or badly',
    text: "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '{value}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{app}'.]",
  },
  700024: {
    http: 401,
    error: 'invalid_client',
    about: 'client assertion outside its validity',
    text: 'Client assertion is not within its valid time range. Current time: {value}, expiry time of assertion {other}.',
  },
  700023: {
    http: 401,
    error: 'invalid_client',
    about: 'client assertion with a wrong audience',
    text: 'Client assertion audience claim does not match Realm issuer. Review the documentation at https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials.',
  },
  700030: {
    http: 401,
    error: 'invalid_client',
    about: 'client assertion whose issuer or subject is not the client',
    text: "Invalid certificate - issuer or subject name of the client assertion does not match the client identifier '{app}'.",
  },
  50027: {
    http: 401,
    error: 'invalid_client',
    about: 'client assertion that is no JWT',
    text: 'JWT token is invalid or malformed.',
  },
  700016: {
    http: 400,
    error: 'unauthorized_client',
    about: 'application not in this tenant',
    text: "Application with identifier '{app}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
  },
  700038: {
    http: 400,
    error: 'invalid_request',
    about: 'the client id is not an application identifier',
    text: '{app} is not a valid application identifier.',
  },
  7000112: {
    http: 400,
    error: 'unauthorized_client',
    about: 'application disabled',
    text: "Application '{app}'({app_name}) is disabled.",
  },
  50194: {
    http: 400,
    error: 'invalid_request',
    at: 'page',
    about: 'single-tenant application used at /common',
    text: "Application '{app}'({app_name}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.",
  },
  // the tenant
  90002: {
    http: 400,
    error: 'invalid_request',
    about: 'no such tenant',
    text: "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
  },
  50059: {
    http: 400,
    error: 'invalid_request',
    about: 'client credentials at /common',
    text: 'No tenant-identifying information found in either the request or implied by any provided credentials.',
  },
  // the redirect
  50011: {
    http: 400,
    error: 'invalid_request',
    at: 'page',
    about: 'redirect URI not registered',
    text: "The redirect URI '{value}' specified in the request does not match the redirect URIs configured for the application '{app}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to troubleshoot this error.",
  },
  500112: {
    http: 400,
    error: 'invalid_client',
    about: 'redirect URI differs from the one of the authorization request',
    text: "The reply address '{value}' does not match the reply address '{other}' provided when requesting Authorization code.",
  },
  500113: {
    http: 400,
    error: 'invalid_request',
    at: 'page',
    about: 'no redirect URI registered at all',
    text: 'No reply address is registered for the application.',
  },
  // the request
  900144: {
    http: 400,
    error: 'invalid_request',
    about: 'a required parameter is missing',
    text: "The request body must contain the following parameter: '{value}'.",
  },
  900561: {
    http: 400,
    error: 'invalid_request',
    about: 'token endpoint called with another method than POST',
    text: 'The endpoint only accepts POST, OPTIONS requests. Received a {value} request.',
  },
  9000411: {
    http: 400,
    error: 'invalid_request',
    about: 'a parameter is sent twice',
    text: "The request is not properly formatted. The parameter '{value}' is duplicated.",
  },
  9002313: {
    http: 400,
    error: 'invalid_grant',
    about: 'code or refresh token is malformed',
    text: 'Invalid request. Request is malformed or invalid.',
  },
  700054: {
    http: 400,
    error: 'unsupported_response_type',
    at: 'redirect',
    about: 'implicit ID tokens are not enabled',
    text: "response_type 'id_token' is not enabled for the application.",
  },
  700051: {
    http: 400,
    error: 'unsupported_response_type',
    at: 'redirect',
    about: 'implicit access tokens are not enabled',
    text: "response_type 'token' is not enabled for the application.",
  },
  90023: {
    http: 400,
    error: 'invalid_request',
    about: 'a parameter has a value that the endpoint does not know',
    text: "The provided value for the input parameter '{value}' is not allowed. Expected value is '{other}'.",
  },
  70003: {
    http: 400,
    error: 'unsupported_grant_type',
    about: 'grant type not supported',
    text: "The app requested an unsupported grant type '{value}'.",
  },
  // the scope
  70011: {
    http: 400,
    error: 'invalid_scope',
    about: 'scope not valid',
    text: "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {value} is not valid.",
  },
  28000: {
    http: 400,
    error: 'invalid_scope',
    about: 'scopes of two APIs in one request',
    text: 'Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {value} is not valid.',
  },
  650053: {
    http: 400,
    error: 'invalid_client',
    at: 'redirect',
    about: 'scope that the API does not have',
    text: "The application '{app_name}' asked for scope '{value}' that doesn't exist on the resource '{other}'. Contact the app vendor.",
  },
  500011: {
    http: 400,
    error: 'invalid_resource',
    about: 'API not found in the tenant',
    text: 'The resource principal named {value} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.',
  },
  1002012: {
    http: 400,
    error: 'invalid_scope',
    about: 'client credentials without /.default',
    text: 'The provided value for scope {value} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
  },
  // the grant
  54005: {
    http: 400,
    error: 'invalid_grant',
    about: 'authorization code used twice',
    text: 'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  },
  70008: {
    http: 400,
    error: 'invalid_grant',
    about: 'authorization code or refresh token expired',
    text: 'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  },
  70000: {
    http: 400,
    error: 'invalid_grant',
    about: 'code or refresh token not valid, or of another client',
    text: 'Provided grant is invalid or malformed.',
  },
  700005: {
    http: 400,
    error: 'invalid_grant',
    about: 'authorization code redeemed at another tenant',
    text: 'Provided Authorization Code is intended to use against other tenant, thus rejected.',
  },
  700082: {
    http: 400,
    error: 'invalid_grant',
    suberror: 'bad_token',
    about: 'refresh token unused for 90 days',
    text: 'The refresh token has expired due to inactivity. The token was issued on {value} and was inactive for 90.00:00:00.',
  },
  700084: {
    http: 400,
    error: 'invalid_grant',
    about: "a single page app's refresh token is over its 24 hours",
    text: "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which can't be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. The token was issued on {value}.",
  },
  50173: {
    http: 400,
    error: 'invalid_grant',
    suberror: 'bad_token',
    about: 'grant revoked, for instance by a password change',
    text: "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '{value}' and the TokensValidFrom date (before which tokens are not valid) for this user is '{other}'.",
  },
  501481: {
    http: 400,
    error: 'invalid_grant',
    about: 'PKCE verifier does not match',
    text: 'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  },
  50148: {
    http: 400,
    error: 'invalid_grant',
    about: 'PKCE verifier missing',
    text: 'The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.',
  },
  501491: {
    http: 400,
    error: 'invalid_request',
    at: 'redirect',
    about: 'PKCE challenge of a wrong size',
    text: 'InvalidCodeChallengeMethodInvalidSize - Invalid size of Code_Challenge parameter.',
  },
  500131: {
    http: 400,
    error: 'invalid_grant',
    about: 'on-behalf-of assertion meant for another app',
    text: 'Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was {value} and the expected audience is {other}.',
  },
  50013: {
    http: 400,
    error: 'invalid_grant',
    about: 'on-behalf-of assertion not valid',
    text: 'Assertion failed signature validation. [Reason - {value}]',
  },
  // the person
  65001: {
    http: 400,
    error: 'invalid_grant',
    suberror: 'consent_required',
    about: 'nobody consented to the application',
    text: "The user or administrator has not consented to use the application with ID '{app}' named '{app_name}'. Send an interactive authorization request for this user and resource.",
  },
  65004: {
    http: 400,
    error: 'access_denied',
    at: 'redirect',
    about: 'the person declined to consent',
    text: 'User declined to consent to access the app.',
  },
  90094: {
    http: 400,
    error: 'invalid_grant',
    suberror: 'consent_required',
    about: 'an administrator must consent',
    text: 'The grant requires administrator permission. {app_name} needs permission to access resources in your organization that only an admin can grant.',
  },
  90095: {
    http: 400,
    error: 'invalid_grant',
    suberror: 'consent_required',
    about: 'admin consent requests are on: an administrator must approve',
    text: 'Admin consent is required for the permissions requested by this application. An admin consent request may be sent to the admin.',
  },
  50076: {
    http: 400,
    error: 'invalid_grant',
    suberror: 'basic_action',
    claims: capolids,
    about: 'multi-factor sign-in needed',
    text: "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '00000003-0000-0000-c000-000000000000'.",
  },
  50079: {
    http: 400,
    error: 'invalid_grant',
    suberror: 'basic_action',
    claims: capolids,
    about: 'the person must enrol in multi-factor sign-in',
    text: "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '00000003-0000-0000-c000-000000000000'.",
  },
  53003: {
    http: 400,
    error: 'invalid_grant',
    suberror: 'message_only',
    claims: capolids,
    about: 'blocked by a conditional access policy',
    text: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  },
  50020: {
    http: 400,
    error: 'invalid_grant',
    about: 'account of another tenant that is no guest here',
    text: "User account '{user}' from identity provider '{other}' does not exist in tenant '{tenant}' and cannot access the application '{app}'({app_name}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.",
  },
  50034: {
    http: 400,
    error: 'invalid_grant',
    about: 'no such person',
    text: 'The user account {user} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory.',
  },
  50057: {
    http: 400,
    error: 'invalid_grant',
    about: 'account disabled',
    text: 'The user account is disabled.',
  },
  50058: {
    http: 400,
    error: 'login_required',
    at: 'redirect',
    about: 'prompt=none and nobody is signed in',
    text: 'A silent sign-in request was sent but no user is signed in.',
  },
  50105: {
    http: 400,
    error: 'invalid_grant',
    about: 'person not assigned to the application',
    text: "Your administrator has configured the application {app_name} ('{app}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '{user}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.",
  },
  50196: {
    http: 400,
    error: 'invalid_grant',
    about: 'request loop detected',
    text: 'The server terminated an operation because it encountered a client request loop. Please contact your app vendor.',
  },
  90033: {
    http: 503,
    error: 'temporarily_unavailable',
    about: 'Microsoft is down for a moment',
    text: 'A transient error has occurred. Please try again.',
  },
  90055: {
    http: 429,
    error: 'temporarily_unavailable',
    about: 'too many requests of this tenant',
    text: 'The request was throttled due to too many requests for this tenant.',
  },
} as const satisfies Record<number, AadstsEntry>;
