-- What administrators look through: attempts by time and by the short id alone, the audit log over all domains.
create index sign_in_attempts_by_time on sign_in_attempts (domain_id, at);
create index sign_in_attempts_by_id on sign_in_attempts (id);
create index audit_by_time_everywhere on audit (at);
