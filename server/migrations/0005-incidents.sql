-- A failed sign-in is found by the short id that its page showed.
create index audit_by_incident on audit (domain_id, (detail ->> 'incident')) where detail ->> 'incident' is not null;
