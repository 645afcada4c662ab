import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorld, type World } from './engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ config: { egressAllow: '10.1.2.3' } });
});
afterAll(() => world.foyer.close());

const save = (json: Record<string, unknown>) => world.as.admin('PATCH', `/domains/${world.a.id}`, { json });

it('a domain keeps who is warned, without repetitions and blanks', async () => {
  const { status, body } = await save({
    warning_emails: [' ops@a.test', 'ops@a.test', ''],
    warning_webhook_url: ' https://hooks.example/a ',
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    warning_emails: ['ops@a.test'],
    warning_webhook_url: 'https://hooks.example/a',
  });
  expect((await save({ warning_emails: [], warning_webhook_url: '' })).body).toMatchObject({
    warning_emails: [],
    warning_webhook_url: '',
  });
});

it('an address that the operator allows may be without TLS', async () => {
  expect((await save({ warning_webhook_url: 'http://10.1.2.3/hook' })).status).toBe(200);
});

it.each([
  ['warning_webhook_url', 'http://hooks.example/'],
  ['warning_webhook_url', 'https://127.0.0.1/'],
  ['warning_webhook_url', 'https://user:word@hooks.example/'],
  ['warning_webhook_url', 'javascript:alert(1)'],
  ['warning_emails', ['nobody']],
  ['warning_emails', ['a@b.test\r\nBcc: c@d.test']],
  ['warning_emails', Array.from({ length: 21 }, (_, i) => `p${i}@a.test`)],
])('S-101 refuses %s %j', async (field, value) => {
  const { status, body } = await save({ [field]: value });
  expect({ status, fields: body.failures?.map((each: { field: string }) => each.field) }).toEqual({
    status: 422,
    fields: [field],
  });
});
