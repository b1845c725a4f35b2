import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { APP } from './folders';
import { freePort, LOOPBACK } from './freePort';
import { findNode, pathWithNode } from './node24';

export interface N8nOptions {
	/** Where this n8n keeps everything: its database, its key, the packages installed into it, its log. */
	userFolder: string;
	/** The port of the editor and of webhooks; any free one when absent. */
	port?: number;
	/** What is started, with its flags: all of n8n ("start") when absent, or one process of queue mode. */
	command?: readonly string[];
	/** Further settings of n8n. */
	env?: Record<string, string>;
}

export interface N8nInstance {
	url: string;
	port: number;
	/** Its process, which has the task runner as a child. */
	pid: number;
	/** Where the log is written; the file starts empty with each start. */
	logFile: string;
	/** Everything that n8n has written since this start. */
	logs(): string;
	/** Ends n8n in order, by force when it takes too long. */
	stop(): Promise<void>;
	/** Ends n8n as a power cut would. */
	kill(): Promise<void>;
}

/** How long a start may take, the first one's database migrations on a busy machine included, in milliseconds. */
const START_DEADLINE_MS = 180_000;

/** How long an orderly end may take, in milliseconds. */
const STOP_DEADLINE_MS = 20_000;

const POLL_INTERVAL_MS = 100;

/** How much of the log goes into the error of a failed start, in characters. */
const LOG_TAIL_LENGTH = 3000;

/**
 * What n8n takes from this machine's environment. A closed list: an n8n, npm or proxy setting of the
 * person who runs this must not change what is tested.
 */
const INHERITED = ['HOME', 'LANG', 'TMPDIR', 'TEMP', 'TZ', 'SystemRoot', 'USERPROFILE'];

/** n8n's own outgoing calls, all switched off: nothing here may leave the machine. */
const NO_CALLS_OUT = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	// The list of verified community nodes, which n8n fetches from its vendor.
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
};

/** The list of MCP servers, which n8n fetches from its vendor; an older n8n has none and refuses the name. */
const MCP_REGISTRY = 'mcp-registry';

function disabledModules(): Record<string, string> {
	const module = path.join(APP, 'node_modules/n8n/dist/modules', MCP_REGISTRY);
	return existsSync(module) ? { N8N_DISABLED_MODULES: MCP_REGISTRY } : {};
}

function inherited(): Record<string, string> {
	return Object.fromEntries(
		INHERITED.flatMap((name) => {
			const value = process.env[name];
			return value === undefined ? [] : [[name, value]];
		}),
	);
}

async function isReady(url: string, command: string | undefined): Promise<boolean> {
	try {
		if (!(await fetch(`${url}/healthz/readiness`)).ok) return false;
		// Workers and webhook processes answer nothing else.
		if (command === 'worker' || command === 'webhook') return true;
		// An older n8n says so before it answers anything else.
		return (await fetch(`${url}/rest/settings`)).ok;
	} catch {
		return false; // not listening yet
	}
}

function hasEnded(child: ChildProcess): boolean {
	return child.exitCode !== null || child.signalCode !== null;
}

/** n8n leads its own process group: its task runner must end with it. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		process.kill(-child.pid, signal);
	} catch {
		// the whole group has ended already
	}
}

/** Starts n8n on 127.0.0.1 and returns when it answers. It ends with the process that called this. */
export async function startN8n(options: N8nOptions): Promise<N8nInstance> {
	const { userFolder, command = ['start'] } = options;
	const port = options.port ?? (await freePort());
	const url = `http://${LOOPBACK}:${port}`;
	const node = findNode();
	const logFile = path.join(userFolder, 'n8n.log');
	await mkdir(userFolder, { recursive: true });

	const args = [
		'--require',
		path.join(__dirname, 'endWithParent.ts'),
		path.join(APP, 'node_modules/n8n/bin/n8n'),
		...command,
	];
	const env = {
		...inherited(),
		...NO_CALLS_OUT,
		...disabledModules(),
		PATH: pathWithNode(node),
		N8N_USER_FOLDER: userFolder,
		// What n8n lets its nodes write by default lies under the home folder: not under the user's own.
		HOME: userFolder,
		USERPROFILE: userFolder,
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: LOOPBACK,
		N8N_HOST: LOOPBACK,
		N8N_EDITOR_BASE_URL: url,
		N8N_WEBHOOK_URL: url,
		N8N_SECURE_COOKIE: 'false', // there is no TLS here
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		NODE_COMPILE_CACHE: path.join(APP, 'node_modules/.compile-cache'), // later starts are faster
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true', // ours is not among the verified ones
		...options.env,
	};
	// A file, not a pipe to this process: n8n must be able to write while it ends after its parent.
	const log = openSync(logFile, 'w');
	// The standard input stays open as long as this process lives: see endWithParent.ts.
	const stdio: StdioOptions = ['pipe', log, log];
	const child = spawn(node.binary, args, { cwd: userFolder, env, detached: true, stdio });
	closeSync(log); // n8n has its own handle of it now
	const logs = () => readFileSync(logFile, 'utf8');
	const ended = new Promise<void>((resolve) => {
		child.on('close', () => {
			resolve();
		});
	});
	let spawnError: Error | undefined;
	child.on('error', (error) => {
		spawnError = error;
	});

	const kill = async () => {
		signalGroup(child, 'SIGKILL');
		await ended;
	};
	const stop = async () => {
		if (hasEnded(child)) return;
		child.kill('SIGTERM');
		const timer = new AbortController();
		const inTime = ended.then(() => true);
		const tooLong = sleep(STOP_DEADLINE_MS, false, { signal: timer.signal }).catch(() => false);
		if (!(await Promise.race([inTime, tooLong]))) await kill();
		timer.abort();
	};

	const deadline = Date.now() + START_DEADLINE_MS;
	while (!(await isReady(url, command[0]))) {
		if (spawnError) throw spawnError;
		const late = Date.now() > deadline;
		if (late || hasEnded(child)) {
			await kill();
			const what = late ? 'was not ready in time' : 'ended while it started';
			throw new Error(`n8n ${what}. Its log, ${logFile}:\n${logs().slice(-LOG_TAIL_LENGTH)}`);
		}
		await sleep(POLL_INTERVAL_MS);
	}
	return { url, port, pid: child.pid ?? 0, logFile, logs, stop, kill };
}
