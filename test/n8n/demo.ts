import { startSandbox, type Sandbox, type SandboxOptions } from '../sandbox';
import { freePort } from './freePort';
import { installApp } from './install';
import { installPackage } from './installPackage';
import { startN8n, type N8nInstance } from './instance';
import { OWNER, signIn } from './owner';
import type { Progress } from './progress';
import { openSession, type Session } from './session';
import { setUp, type Setup } from './setup';

export interface DemoOptions {
	/** Where n8n keeps everything. */
	userFolder: string;
	progress: Progress;
	/** The ports to take if they are free; any otherwise. */
	ports?: { n8n: number[]; sandbox: number[]; storage: number[] };
	sandbox?: SandboxOptions;
	/** Further settings of n8n. */
	env?: Record<string, string>;
}

/** n8n with this package, set up and connected to a Runflow sandbox. */
export interface Demo extends Setup {
	n8n: N8nInstance;
	sandbox: Sandbox;
	session: Session;
	/** Starts n8n again after it has been ended: on what it has kept, and at the same address. */
	startAgain: () => Promise<void>;
	/** Ends both. What n8n keeps stays. */
	stop: () => Promise<void>;
}

const ANY_PORTS = { n8n: [], sandbox: [], storage: [] };

/**
 * Installs the n8n app if needed and this package into it, starts a sandbox and n8n, and sets n8n up:
 * owner, credential, example workflows. On a folder of an earlier start it takes up what is there.
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
	const { userFolder, progress, ports = ANY_PORTS } = options;
	await installApp(progress);
	await progress('Pack this package and install it into n8n', async () => {
		await installPackage(userFolder);
	});
	const sandbox = await startSandbox({
		port: await freePort(...ports.sandbox),
		storagePort: await freePort(...ports.storage),
		...options.sandbox,
	});
	const start = async (port: number) =>
		await progress(
			'Start n8n',
			async () => await startN8n({ userFolder, port, env: options.env ?? {} }),
		);
	let n8n: N8nInstance | undefined;
	try {
		n8n = await start(await freePort(...ports.n8n));
		const session = openSession(n8n.url);
		const setup = await progress('Set up the owner, the credential and the examples', async () => {
			await signIn(session, OWNER);
			return await setUp(session, userFolder, {
				apiKey: sandbox.apiKey,
				baseUrl: sandbox.url,
				callbackSecrets: secretsOf(options.sandbox),
			});
		});
		const demo: Demo = {
			...setup,
			n8n,
			sandbox,
			session,
			startAgain: async () => {
				demo.n8n = await start(demo.n8n.port);
			},
			stop: async () => {
				await Promise.all([demo.n8n.stop(), sandbox.close()]);
			},
		};
		return demo;
	} catch (error) {
		await Promise.all([n8n?.stop(), sandbox.close()]);
		throw error;
	}
}

/** What the credential is given so that n8n knows the sandbox's callbacks. */
function secretsOf({ callbackSecrets = [] }: SandboxOptions = {}): string {
	return callbackSecrets.map(({ secret }) => secret).join(', ');
}
