import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';

import { readCredentials } from '../../../nodes/RunflowTrigger/credentials';

type Context = Parameters<typeof readCredentials>[0];

/** A request to a trigger, and the promise of its credential: n8n is still decrypting it until that is settled. */
function request(node: Partial<INode>): {
	context: Context;
	decrypted: PromiseWithResolvers;
	reads: () => number;
} {
	const decrypted = withResolvers();
	let reads = 0;
	const context: Context = {
		getNode: () => node as INode,
		getCredentials: async <T extends object>() => {
			reads += 1;
			return (await decrypted.promise) as T;
		},
	};
	return { context, decrypted, reads: () => reads };
}

/** A node with that credential. */
function using(id: string): Partial<INode> {
	return { credentials: { runflowApi: { id, name: '' } } };
}

interface PromiseWithResolvers {
	promise: Promise<ICredentialDataDecryptedObject>;
	resolve: (value: ICredentialDataDecryptedObject) => void;
	reject: (error: Error) => void;
}

function withResolvers(): PromiseWithResolvers {
	let resolve!: PromiseWithResolvers['resolve'];
	let reject!: PromiseWithResolvers['reject'];
	const promise = new Promise<ICredentialDataDecryptedObject>((...settle) => {
		[resolve, reject] = settle;
	});
	return { promise, resolve, reject };
}

describe('readCredentials', () => {
	it('is one read for requests to the same trigger with the same credential', async () => {
		const [first, second] = [request(using('1')), request(using('1'))];
		const both = [readCredentials(first.context, 'key'), readCredentials(second.context, 'key')];
		first.decrypted.resolve({ apiKey: 'a' });
		expect(await Promise.all(both)).toEqual([{ apiKey: 'a' }, { apiKey: 'a' }]);
		expect([first.reads(), second.reads()]).toEqual([1, 0]);
	});

	it.each([
		['of another trigger', request(using('1')), 'other'],
		['with another credential', request(using('2')), 'key'],
		['without a credential', request({ credentials: {} }), 'key'],
		['without any credentials', request({}), 'key'],
	])('shares nothing with a request %s', async (_what, other, key) => {
		const own = request(using('1'));
		const both = [readCredentials(own.context, 'key'), readCredentials(other.context, key)];
		own.decrypted.resolve({ apiKey: 'a' });
		other.decrypted.resolve({ apiKey: 'b' });
		expect(await Promise.all(both)).toEqual([{ apiKey: 'a' }, { apiKey: 'b' }]);
	});

	it('reads again for a later request, also after a failure', async () => {
		const failed = request(using('1'));
		failed.decrypted.reject(new Error('no'));
		await expect(readCredentials(failed.context, 'key')).rejects.toThrow('no');
		for (const apiKey of ['a', 'b']) {
			const later = request(using('1'));
			later.decrypted.resolve({ apiKey });
			expect(await readCredentials(later.context, 'key')).toEqual({ apiKey });
		}
	});
});
