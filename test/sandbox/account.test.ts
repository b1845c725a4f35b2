import { startSandbox, type JsonObject, type Sandbox, type Switches } from './index';
import { at, call } from './testClient';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
});

afterEach(() => {
	sandbox.reset();
});

afterAll(async () => {
	await sandbox.close();
});

describe('The balance', () => {
	const paths = ['/v1/billing/balance', '/v1/credit-balances'];

	it.each<[Switches['balanceSpelling'], readonly number[], JsonObject]>([
		['balance', [200, 404], { balance: '1234567890123.123456', low_balance_threshold: '5.0000' }],
		['balance_usd', [404, 200], { balance_usd: '1234567890123.123456' }],
	])('is spelled %s, as decimal text', async (balanceSpelling, statuses, body) => {
		sandbox.configure({ balanceSpelling, balance: '1234567890123.123456' });
		const replies = await Promise.all(paths.map((path) => call(sandbox, path)));
		expect(replies.map(({ status }) => status)).toEqual(statuses);
		expect(replies.find(({ status }) => status === 200)?.json).toMatchObject(body);
	});

	it('may be in cents', async () => {
		sandbox.configure({ balanceSpelling: 'balance_cents', balance: '12.34' });
		const { json } = await call(sandbox, '/v1/billing/balance');
		expect(json).toEqual({ balance_cents: 1234, currency: 'USD' });
	});

	it.each(paths)('at %s needs its scope', async (path) => {
		sandbox.configure({
			keys: [{ key: sandbox.apiKey, scopes: ['runs:read'], email: 'a@example.com' }],
		});
		const { status, json } = await call(sandbox, path);
		expect([status, at(json, 'code')]).toEqual([403, 'PERMISSION_DENIED']);
	});
});
