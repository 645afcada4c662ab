/** Requests about people, each declared once. */
import type { AdminUserView, IdentityView, UserBody } from '@foyer/contract/users.ts';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, type Tagged } from '#lib/api.ts';

export type Person = AdminUserView;

export const peoplePath = '/users';

const at = (id: string, more = ''): string => `${peoplePath}/${encodeURIComponent(id)}${more}`;

export const readPerson = (id: string, signal?: AbortSignal): Promise<Tagged<Person>> =>
  api.getTagged<Person>(at(id), undefined, signal);

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: [peoplePath, id],
    queryFn: ({ signal }) => readPerson(id, signal),
  });

export const identitiesQuery = (id: string) =>
  queryOptions({
    queryKey: [peoplePath, id, 'identities'],
    queryFn: ({ signal }) => api.get<IdentityView[]>(at(id, '/identities'), undefined, signal),
  });

export const createPerson = (body: UserBody): Promise<Person> => api.post<Person>(peoplePath, body);

export const updatePerson = (id: string, body: UserBody, ifMatch?: string): Promise<Person> =>
  api.patch<Person>(at(id), body, { ifMatch });

/** Where the domain keeps deleted people (`internals.soft_delete`), `force` deletes them for good. */
export const deletePerson = (id: string, force: boolean): Promise<void> =>
  api.delete(at(id), { query: { force_removal: force || undefined } });

export const revivePerson = (id: string): Promise<void> => api.post(at(id, '/revive'));

export const endAllSessions = (id: string): Promise<void> => api.delete(at(id, '/sessions'));

/** The person of a domain with exactly this address, deleted ones included. */
export const findPersonByEmail = async (domainId: string, email: string): Promise<Person | undefined> => {
  const { rows } = await api.list<Person>(peoplePath, {
    authority_id: domainId,
    q: email,
    limit: 50,
    include_deleted: true,
  });
  return rows.find((row) => row.email.toLowerCase() === email.toLowerCase());
};

export const forgetPeople = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ queryKey: [peoplePath] });
