import { spawn } from 'node:child_process';

export interface CommandOptions {
	cwd: string;
	env?: NodeJS.ProcessEnv;
}

/** How much of a failed command's output its error carries, in characters. */
const TAIL_LENGTH = 4000;

/**
 * Runs a command to its end and returns what it wrote to its standard output.
 * What it wrote is shown only when it fails: the end of it is in the error.
 */
export async function runCommand(
	command: string,
	args: string[],
	{ cwd, env = process.env }: CommandOptions,
): Promise<string> {
	// npm is a .cmd file on Windows, which only a shell can start.
	const shell = process.platform === 'win32';
	const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	let everything = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		output += text;
		everything += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		everything += text;
	});
	return await new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code, signal) => {
			if (code === 0) {
				resolve(output);
				return;
			}
			const line = [command, ...args].join(' ');
			const how = signal ?? `exit code ${String(code)}`;
			reject(new Error(`${line} ended with ${how}:\n${everything.slice(-TAIL_LENGTH)}`));
		});
	});
}
