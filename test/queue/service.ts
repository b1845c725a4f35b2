import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServiceOptions {
	name: string;
	/** The program and its arguments. */
	command: readonly string[];
	cwd: string;
	logFile: string;
	/** The user that it runs as; the current user by default. */
	user?: string;
	isReady: () => Promise<boolean>;
}

/** A program that runs beside n8n. */
export interface Service {
	/** Ends it in order, by force when it takes too long. */
	stop: () => Promise<void>;
}

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 10_000;
const POLL_INTERVAL_MS = 50;

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
	return exitCode !== null || signalCode !== null;
}

/** Starts a program and returns when it is ready. The kernel ends it when the process that called this ends. */
export async function startService(options: ServiceOptions): Promise<Service> {
	const { name, command, cwd, logFile, user, isReady } = options;
	const asUser = user === undefined ? [] : ['--reuid', user, '--regid', user, '--clear-groups'];
	const log = openSync(logFile, 'w');
	// SIGINT is an orderly end for both Redis and PostgreSQL. A separate session: Ctrl-C is for this process.
	const child = spawn('setpriv', [...asUser, '--pdeathsig', 'INT', '--', ...command], {
		cwd,
		detached: true,
		stdio: ['ignore', log, log],
	});
	closeSync(log);
	const ended = new Promise<void>((resolve) => {
		child.on('close', () => {
			resolve();
		});
		child.on('error', () => {
			resolve();
		});
	});
	const stop = async () => {
		if (hasEnded(child) || child.pid === undefined) return;
		child.kill('SIGINT');
		const forced = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
		await ended;
		clearTimeout(forced);
	};
	const deadline = Date.now() + START_DEADLINE_MS;
	while (!(await isReady())) {
		if (hasEnded(child) || child.pid === undefined || Date.now() > deadline) {
			await stop();
			throw new Error(`${name} did not start. Its log:\n${readFileSync(logFile, 'utf8')}`);
		}
		await sleep(POLL_INTERVAL_MS);
	}
	return { stop };
}
