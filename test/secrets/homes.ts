import http from 'node:http';

/** Addresses of the APIs of this test file. */
const homes = new Set<string>();

/**
 * Those of all test files of this process. An execution may outlive its file, and continues to call its own API, which
 * is closed by then. Jest gives each file its own modules, but for Node's.
 */
const everyFile = Symbol.for('runflow.test.homes');
const shared = http as unknown as Record<symbol, Set<string> | undefined>;
const everyHome = (shared[everyFile] ??= new Set());

/** Where API keys belong, in the header Authorization: an API, by any address of it. */
export function allowKeyAt(address: string): void {
	if (!URL.canParse(address)) return;
	homes.add(hostOf(address));
	everyHome.add(hostOf(address));
}

/** Whether API keys belong to that address. */
export function isKeyAllowedAt(address: string): boolean {
	return homes.has(hostOf(address));
}

/** Whether that was so in an earlier test file. */
export function wasKeyAllowedAt(address: string): boolean {
	return everyHome.has(hostOf(address)) && !isKeyAllowedAt(address);
}

/** Host and port; this machine by one name. */
function hostOf(address: string): string {
	const { protocol, hostname, port } = new URL(address);
	const name = ['localhost', '[::1]'].includes(hostname) ? '127.0.0.1' : hostname;
	return `${name}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`;
}
