/** The tests of decisions alone: they take a moment for each change, where n8n's engine takes many. */
const whole = require('./jest.config');

module.exports = {
	...whole,
	testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
};
