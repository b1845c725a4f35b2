import path from 'node:path';

import { ALL_SCOPES, startSandbox, type Sandbox, type SandboxOptions } from '../sandbox';
import { saveCredential, type StoredCredential } from '../n8n/credentials';
import { freePort, LOOPBACK } from '../n8n/freePort';
import { installApp } from '../n8n/install';
import { installPackage } from '../n8n/installPackage';
import { startN8n, type N8nInstance } from '../n8n/instance';
import { OWNER, signIn } from '../n8n/owner';
import type { Progress } from '../n8n/progress';
import { openSession, type Session } from '../n8n/session';
import { makeTemporaryFolder } from '../n8n/temporaryFolder';
import { isProductionWebhook, startFront, type Front, type Route } from './front';
import { findPrograms } from './packages';
import { startPostgres } from './postgres';
import { startRedis } from './redis';

/** What callbacks are signed with. */
export const CALLBACK_SECRET = 'whsec_QueueModesOwnSecret2718';

/** How many jobs a worker takes at once when nothing is said: n8n's own default. */
const CONCURRENCY = 10;

export interface ClusterOptions {
	progress: Progress;
	/** How many workers are started. */
	workers: number;
	concurrency?: number;
	sandbox?: SandboxOptions;
	/** Further settings of every process. */
	env?: Record<string, string>;
}

/** n8n in queue mode with this package: each process with its own user folder, as on separate machines. */
export interface Cluster {
	main: N8nInstance;
	readonly webhook: N8nInstance;
	/** Those that were started and not ended through this object, the oldest first. */
	workers: N8nInstance[];
	front: Front;
	/** Where requests to the front go. May be replaced; first: webhooks to the webhook process, the rest to main. */
	route: Route;
	sandbox: Sandbox;
	session: Session;
	credential: StoredCredential;
	/** @param concurrency how many jobs it takes at once; as the cluster's when absent */
	startWorker: (concurrency?: number) => Promise<N8nInstance>;
	/** Ends the webhook process as a power cut would, and starts it again, as a supervisor does. */
	crashWebhook: () => Promise<void>;
	/** Ends a worker: in order, or as a power cut would. */
	endWorker: (worker: N8nInstance, how: 'stop' | 'kill') => Promise<void>;
	/** What all processes have written, those that have ended too. */
	logs: () => string;
	stop: () => Promise<void>;
}

/** Starts all of it and returns when every process is ready. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
	const { progress, concurrency = CONCURRENCY } = options;
	const cleanups: (() => Promise<void>)[] = [];
	const stop = async () => {
		for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
	};
	try {
		await installApp(progress);
		const programs = await findPrograms(progress);
		const { folder, remove } = await makeTemporaryFolder('queue');
		cleanups.push(remove);
		const [postgres, redis] = await progress('Start PostgreSQL and Redis', async () => [
			await startPostgres(programs.postgresBin).then((started) => {
				cleanups.push(started.stop);
				return started;
			}),
			await startRedis(programs.redisServer).then((started) => {
				cleanups.push(started.stop);
				return started;
			}),
		]);
		const sandbox = await startSandbox({
			keys: [{ key: 'rf_live_QueueMode', scopes: ALL_SCOPES, email: 'owner@example.com' }],
			callbackSecrets: [{ secret: CALLBACK_SECRET, isCurrent: true }],
			...options.sandbox,
		});
		cleanups.push(async () => {
			await sandbox.close();
		});

		let route: Route = () => '';
		const front = await startFront((one) => route(one));
		cleanups.push(async () => {
			await front.close();
		});

		const all: N8nInstance[] = [];
		const start = async (name: string, ...command: string[]): Promise<N8nInstance> => {
			const userFolder = path.join(folder, name);
			const port = await freePort();
			return await progress(`Start n8n ${command.join(' ')}`, async () => {
				await installPackage(userFolder);
				const instance = await startN8n({
					userFolder,
					port,
					command,
					env: {
						EXECUTIONS_MODE: 'queue',
						N8N_ENCRYPTION_KEY: 'the-same-for-every-process',
						N8N_DEFAULT_BINARY_DATA_MODE: 'database',
						N8N_WEBHOOK_URL: front.url,
						N8N_EDITOR_BASE_URL: front.url,
						N8N_PROXY_HOPS: '1',
						// n8n's own 2 connections to PostgreSQL lock up when several callbacks come at the same moment.
						DB_POSTGRESDB_POOL_SIZE: '10',
						N8N_LOG_LEVEL: 'info',
						// A worker has no server but this one.
						...(command[0] === 'worker' && {
							QUEUE_HEALTH_CHECK_ACTIVE: 'true',
							QUEUE_HEALTH_CHECK_PORT: String(port),
							N8N_WORKER_SERVER_ADDRESS: LOOPBACK,
						}),
						...postgres.env,
						...redis.env,
						...options.env,
					},
				});
				cleanups.push(async () => {
					await instance.stop();
				});
				all.push(instance);
				return instance;
			});
		};

		// The first one makes the tables.
		const main = await start('main', 'start');
		let serial = 0;
		const startWorker = async (jobs = concurrency) => {
			serial += 1;
			return await start(`worker${serial}`, 'worker', `--concurrency=${jobs}`);
		};
		const [firstWebhook, ...workers] = await Promise.all([
			start('webhook', 'webhook'),
			...Array.from({ length: options.workers }, async () => await startWorker()),
		]);
		let webhook = firstWebhook;
		route = (one) => (isProductionWebhook(one) ? webhook.url : main.url);

		const session = openSession(front.url);
		await signIn(session, OWNER);
		const credential = await saveCredential(session, 'Runflow sandbox', {
			apiKey: sandbox.apiKey,
			baseUrl: sandbox.url,
			callbackSecrets: CALLBACK_SECRET,
		});
		return {
			main,
			get webhook() {
				return webhook;
			},
			workers,
			front,
			get route() {
				return route;
			},
			set route(to) {
				route = to;
			},
			sandbox,
			session,
			credential,
			startWorker: async (jobs) => {
				const worker = await startWorker(jobs);
				workers.push(worker);
				return worker;
			},
			crashWebhook: async () => {
				await webhook.kill();
				webhook = await start('webhook', 'webhook');
			},
			endWorker: async (worker, how) => {
				workers.splice(workers.indexOf(worker), 1);
				await worker[how]();
			},
			logs: () => all.map((one) => one.logs()).join('\n'),
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}
