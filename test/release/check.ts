import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { changesOf, unreleasedChanges } from './changelog';
import { tarballNames } from './installLines';
import { readManifest } from './manifest';
import { notYetSentences } from './notYet';
import { unsetSettings } from './ownerSettings';

/** Versions with a suffix need a separate npm tag, which the workflow does not give. */
const TAG = /^v(\d+\.\d+\.\d+)$/;

function versionProblems(root: string, tag: string): string[] {
	const version = TAG.exec(tag)?.[1];
	if (version === undefined) return [`The tag ${tag} is not of the form v1.2.3.`];
	const manifest = readManifest(root);
	const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
		version: string;
	};
	const stated = { 'package.json': manifest.version, 'package-lock.json': lock.version };
	return Object.entries(stated)
		.filter(([, other]) => other !== version)
		.map(([file, other]) => `The tag is ${tag}, but ${file} has the version ${other}.`);
}

function changelogProblems(root: string, tag: string): string[] {
	const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
	const version = tag.replace(/^v/, '');
	const problems = [];
	if (!changesOf(changelog, version)) {
		problems.push(
			`CHANGELOG.md has nothing under "## [${version}] - YYYY-MM-DD": run npm run release prepare ${version}.`,
		);
	}
	if (unreleasedChanges(changelog)) {
		problems.push('CHANGELOG.md has changes under "## [Unreleased]": they belong to this version.');
	}
	return problems;
}

function ownerProblems(root: string): string[] {
	return unsetSettings(root).map(
		({ name, file, placeholder }) =>
			`${name}: ${file} still has ${placeholder}. Only the owner can set it: see docs/releasing.md.`,
	);
}

function installLineProblems(root: string): string[] {
	const { name, version } = readManifest(root);
	return tarballNames(root, name)
		.filter(({ tarball }) => tarball !== `${name}-${version}.tgz`)
		.map(({ file, tarball }) => `${file} names ${tarball}, but the version is ${version}.`);
}

function readmeProblems(root: string): string[] {
	return notYetSentences(root).map(
		(sentence) => `README.md still says "${sentence}": see docs/releasing.md.`,
	);
}

/**
 * In: the repository's root and a tag. Out: all that keeps this commit from being published under the tag, a sentence
 * each; nothing when it may be.
 */
export function releaseProblems(root: string, tag: string): string[] {
	return [
		...versionProblems(root, tag),
		...changelogProblems(root, tag),
		...installLineProblems(root),
		...readmeProblems(root),
		...ownerProblems(root),
	];
}
