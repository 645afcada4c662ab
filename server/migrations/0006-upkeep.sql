-- What has expired is found, and taken from its parent, without walking through a table.
create index authorization_codes_by_expiry on authorization_codes (expires_at);
create index authorization_codes_by_family on authorization_codes (domain_id, family_id);
create index refresh_tokens_by_expiry on refresh_tokens (expires_at);
create index token_families_by_revocation on token_families (revoked_at) where revoked_at is not null;
