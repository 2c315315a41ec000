// Answers the tag <newdirection to=Ann>.

export const manifest = {
  version: '0.1.0',
  description: 'Greets people',
  directions: [{
    name: 'newdirection',
    description: 'says hello to somebody',
    attributes: [
      { name: 'to', default: 'you', description: 'who is greeted' },
      { name: 'times', kind: 'integer', min: 1, max: 5, default: '1' },
    ],
  }],
  wants: [{ capability: 'log', reason: 'to tell you whom it has greeted' }],
};

export function run({ attributes: { to, times } }, host) {
  host.log(`greeted ${to}`);
  return `H${Array(times).fill('hello').join(', ').slice(1)}, ${to}!`;
}
