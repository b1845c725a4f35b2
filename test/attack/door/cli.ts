import { attack } from '../attack';
import { assail, problemsOf } from './assault';
import { figuresOf } from './figures';

const SHOWN = 50;
const REQUESTS = 100_000;

/**
 * Usage: npm run attack:door [-- [--requests=N] [--seed=N] [--only=INDEX]]
 *
 * Sends so many requests (100000) to Runflow Trigger and to suspended executions, made from true callbacks by the
 * seed (1). What went wrong is printed with its index; `--only` sends that one alone, with the same number of
 * requests and the same seed. Its figures are not kept, nor are those of fewer requests.
 */
async function main(args: string[]): Promise<void> {
	const given = (name: string): number | undefined => {
		const value = args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1];
		if (value === undefined) return undefined;
		if (!/^\d+$/.test(value)) throw new Error(`--${name} takes a number, not ${value}`);
		return Number(value);
	};
	const plan = {
		seed: given('seed') ?? 1,
		requests: given('requests') ?? REQUESTS,
		only: given('only'),
	};
	const carryOut = async () => {
		const assault = await assail(plan, (done) => process.stderr.write(`${done}\n`));
		const problems = problemsOf(assault);
		for (const problem of problems.slice(0, SHOWN)) console.log(problem);
		if (problems.length > SHOWN) console.log(`… and ${problems.length - SHOWN} more`);
		return figuresOf(assault, plan);
	};
	const isPart = plan.requests < REQUESTS;
	if (plan.only === undefined) await attack('door', carryOut, { isPart });
	else console.log(JSON.stringify((await carryOut()).raw, null, '\t'));
	// Executions that were never called back would be waited for.
	process.exit();
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
