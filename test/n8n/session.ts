import { randomUUID } from 'node:crypto';

/** An answer of n8n's REST API that was not a success. */
export interface RestError extends Error {
	status: number;
}

/** Calls n8n's REST API and returns what it answers under `data`. */
export type Rest = <T>(method: string, path: string, body?: unknown) => Promise<T>;

export interface Session {
	url: string;
	rest: Rest;
	/** The session's cookie and the id of the browser that n8n binds it to. */
	headers: () => Record<string, string>;
}

/** Whether an error is an answer of n8n's REST API with that status. */
export function isRestError(error: unknown, status: number): boolean {
	return error instanceof Error && 'status' in error && error.status === status;
}

/** A session with an n8n, kept as a browser keeps it: by the cookie of the last answer that set one. */
export function openSession(url: string): Session {
	const browserId = randomUUID();
	let cookie = '';

	const headers = () => ({ 'browser-id': browserId, ...(cookie && { cookie }) });

	const rest: Rest = async <T>(method: string, path: string, body?: unknown) => {
		const response = await fetch(url + path, {
			method,
			headers: {
				...headers(),
				'content-type': 'application/json',
				// While n8n is busy (the first AI agent takes seconds to load) its idle connections time out, and a
				// request that is sent on one of them just then is reset.
				connection: 'close',
			},
			body: body === undefined ? null : JSON.stringify(body),
		});
		const given = response.headers
			.getSetCookie()
			.map((one) => one.split(';', 1)[0] ?? '')
			.find((one) => one.startsWith('n8n-auth='));
		if (given !== undefined) cookie = given;
		const text = await response.text();
		if (!response.ok) {
			const error = new Error(`n8n answered ${response.status} to ${method} ${path}: ${text}`);
			throw Object.assign(error, { status: response.status });
		}
		return (JSON.parse(text) as { data: T }).data;
	};

	return { url, rest, headers };
}
