/** Requests about people, each declared once. */
import type { AdminUserView, IdentityView, SessionView, UserBody } from '@foyer/contract/users.ts';
import { queryOptions } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { api, type Listed } from '#lib/api.ts';

export type Person = AdminUserView;
export type PersonSession = Static<typeof SessionView>;

export interface PeopleFilter {
  domainId: string;
  q: string;
  offset: number;
  limit: number;
  includeDeleted: boolean;
}

const listPeople = (filter: PeopleFilter, signal?: AbortSignal): Promise<Listed<Person>> =>
  api.list<Person>(
    '/users',
    {
      authority_id: filter.domainId,
      q: filter.q,
      offset: filter.offset,
      limit: filter.limit,
      include_deleted: filter.includeDeleted || undefined,
    },
    signal,
  );

const pathOf = (id: string): string => `/users/${encodeURIComponent(id)}`;

export const peopleKey = ['users'] as const;

export const peopleQuery = (filter: PeopleFilter) =>
  queryOptions({
    queryKey: [...peopleKey, 'list', filter],
    queryFn: ({ signal }) => listPeople(filter, signal),
  });

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: [...peopleKey, 'one', id],
    queryFn: ({ signal }) => api.get<Person>(pathOf(id), {}, signal),
  });

export const identitiesQuery = (id: string) =>
  queryOptions({
    queryKey: [...peopleKey, 'identities', id],
    queryFn: ({ signal }) => api.get<IdentityView[]>(`${pathOf(id)}/identities`, {}, signal),
  });

export const sessionsQuery = (id: string) =>
  queryOptions({
    queryKey: [...peopleKey, 'sessions', id],
    queryFn: ({ signal }) => api.get<PersonSession[]>(`${pathOf(id)}/sessions`, {}, signal),
  });

export const createPerson = (body: UserBody): Promise<Person> => api.post<Person>('/users', body);

export const updatePerson = (id: string, body: UserBody): Promise<Person> =>
  api.patch<Person>(pathOf(id), body);

/** Where the domain keeps deleted people (`internals.soft_delete`), `force` deletes them for good. */
export const deletePerson = (id: string, force: boolean): Promise<void> =>
  api.delete(pathOf(id), { query: { force_removal: force || undefined } });

export const revivePerson = (id: string): Promise<void> => api.post(`${pathOf(id)}/revive`);

export const endSession = (id: string, sessionId: string): Promise<void> =>
  api.delete(`${pathOf(id)}/sessions/${encodeURIComponent(sessionId)}`);

export const endAllSessions = (id: string): Promise<void> => api.delete(`${pathOf(id)}/sessions`);

/** The person of a domain with exactly this address, deleted ones included. */
export const findPersonByEmail = async (domainId: string, email: string): Promise<Person | undefined> => {
  const filter = { domainId, q: email, offset: 0, limit: 50, includeDeleted: true };
  const { rows } = await listPeople(filter);
  return rows.find((row) => row.email.toLowerCase() === email.toLowerCase());
};
