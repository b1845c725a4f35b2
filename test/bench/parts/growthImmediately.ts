import { growthOf } from '../growthOf';
import type { Measured } from '../part';

/** 10, 100 and 1,000 items with this completion. */
export async function measure(rounds = 3): Promise<Measured> {
	return await growthOf('immediately', rounds);
}
