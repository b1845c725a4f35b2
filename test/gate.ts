import { ESLint, type Linter } from 'eslint';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * n8n's gate for community packages, run by n8n's own scanner configuration over both things it
 * reads: the sources of the commit and the compiled files of the tarball. Inline disables count
 * for nothing. The scanner itself drops warnings; reviewers do not, so here they fail too.
 *
 * The scanner pins an older release of n8n's rules. The newest one is run too: a later scanner will pin it.
 */
interface Scanner {
	buildScanConfig(): Promise<Linter.Config[]>;
	SOURCE_FILE_PATTERNS: string[];
}

/** n8n's rules for community nodes. */
interface Rules {
	n8nCommunityNodesPlugin: ESLint.Plugin & { configs: { recommended: Linter.Config } };
}

const ROOT = resolve(__dirname, '..');
const TARBALL_PATTERNS = ['**/*.js', 'package.json'];

/** The scanner's configuration with the newest rules in place of those that it pins. */
function withNewestRules(config: Linter.Config[], { n8nCommunityNodesPlugin }: Rules) {
	const { recommended } = n8nCommunityNodesPlugin.configs;
	const name = '@n8n/community-nodes';
	return config.map((part) =>
		part.plugins?.[name] === undefined
			? part
			: {
					...part,
					plugins: { ...part.plugins, [name]: n8nCommunityNodesPlugin },
					rules: { ...part.rules, ...recommended.rules },
				},
	);
}

async function findings(
	config: Linter.Config[],
	folder: string,
	patterns: string[],
): Promise<number> {
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: config,
		ignorePatterns: ['node_modules/**'],
	});
	const results = await eslint.lintFiles(patterns);
	const formatter = await eslint.loadFormatter('stylish');
	process.stdout.write(await formatter.format(results));

	const errors = results.reduce((sum, result) => sum + result.errorCount, 0);
	const warnings = results.reduce((sum, result) => sum + result.warningCount, 0);
	console.log(`${results.length} files, ${errors} errors, ${warnings} warnings`);
	return errors + warnings;
}

function unpackTarball(into: string): string {
	execFileSync('npm', ['pack', '--silent', '--pack-destination', into], { cwd: ROOT });
	const tarball = readdirSync(into).find((file) => file.endsWith('.tgz'));
	if (tarball === undefined) throw new Error('npm pack made no tarball');
	const unpacked = join(into, 'package');
	mkdirSync(unpacked);
	execFileSync('tar', ['-xzf', join(into, tarball), '-C', unpacked, '--strip-components=1']);
	return unpacked;
}

async function main() {
	// Held in variables so that TypeScript does not look for types, since they have none that it can read.
	const scannerModule = '@n8n/scan-community-package/scanner/scanner.mjs';
	const rulesModule = '@n8n/eslint-plugin-community-nodes';
	const scanner = (await import(scannerModule)) as Scanner;
	const pinned = await scanner.buildScanConfig();
	const configs = {
		"the scanner's rules": pinned,
		"n8n's newest rules": withNewestRules(pinned, (await import(rulesModule)) as Rules),
	};
	const temporary = mkdtempSync(join(tmpdir(), 'runflow-gate-'));
	try {
		const tarball = unpackTarball(temporary);
		let found = 0;
		for (const [rules, config] of Object.entries(configs)) {
			console.log(`Sources of this commit, ${rules}:`);
			found += await findings(config, ROOT, scanner.SOURCE_FILE_PATTERNS);
			console.log(`Compiled files of the tarball, ${rules}:`);
			found += await findings(config, tarball, TARBALL_PATTERNS);
		}
		process.exitCode = found === 0 ? 0 : 1;
	} finally {
		rmSync(temporary, { recursive: true, force: true });
	}
}

void main();
