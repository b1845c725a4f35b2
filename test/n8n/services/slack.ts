import { isAuthorized, type Service } from './service';

/** Slack, as far as posting messages goes. */
export interface Slack extends Service {
	/** The bodies of the messages posted, in their order. */
	messages: unknown[];
}

export function standInForSlack(accessToken: string): Slack {
	const messages: unknown[] = [];
	return {
		host: 'slack.com',
		messages,
		answer: (request) => {
			if (request.method !== 'POST' || request.path !== '/api/chat.postMessage') return undefined;
			if (!isAuthorized(request, accessToken))
				return { body: { ok: false, error: 'invalid_auth' } };
			messages.push(request.body);
			const ts = `1700000000.${String(messages.length).padStart(6, '0')}`;
			return { body: { ok: true, channel: 'C0000000001', ts, message: { type: 'message', ts } } };
		},
	};
}
