/**
 * Has each `fetch` of the tests use a connection of its own. While n8n is busy its idle connections time out, and a request
 * that is sent on one of them just then is reset.
 */
const { fetch: ofNode } = globalThis;

globalThis.fetch = async (input, init) => {
	const headers = new Headers(init?.headers);
	headers.set('connection', 'close');
	return await ofNode(input, { ...init, headers });
};
