// Answers <roll dice=2d6> and <record>.

export const manifest = {
  version: '1.0.0',
  description: 'Rolls dice, and remembers the best throw of each person',
  directions: [
    {
      name: 'roll',
      description: 'a throw, such as 4 + 2 + 1 = 7',
      attributes: [
        { name: 'dice', default: '1d6', description: 'how many, of how many sides, and what is added: 2d6+1' },
        { name: 'quick', kind: 'boolean', description: 'offers to throw the same again' },
      ],
    },
    {
      name: 'record',
      description: 'the best throw of the person so far',
      attributes: [{ name: 'dice', default: '1d6', description: 'with which dice' }],
    },
  ],
  wants: [
    { capability: 'random', reason: 'to roll' },
    { capability: 'person', reason: 'to remember the best throw of each person' },
    { capability: 'quick', reason: 'to offer another throw, if the script asks for it' },
  ],
  time: 200,
};

const MOST_DICE = 20;
const MOST_SIDES = 1000;

// parse reads dice; an error says to the author of the script how they are written.
function parse(text) {
  const found = /^\s*(\d{0,2})d(\d{1,4})\s*([+-]\s*\d{1,4})?\s*$/i.exec(text);
  if (!found) throw new Error(`"${text}" are no dice: write 2d6 or 1d20+3`);
  const [, count, sides, added] = found;
  const dice = { count: Number(count || 1), sides: Number(sides), added: Number((added ?? '0').replace(/\s/g, '')) };
  if (dice.count < 1 || dice.count > MOST_DICE) throw new Error(`1 to ${MOST_DICE} dice can be thrown`);
  if (dice.sides < 2 || dice.sides > MOST_SIDES) throw new Error(`dice have 2 to ${MOST_SIDES} sides`);
  return dice;
}

// spelled is the same dice in one way of writing: the key under which a record is kept.
function spelled({ count, sides, added }) {
  return `${count}d${sides}${added === 0 ? '' : added > 0 ? '+' + added : added}`;
}

function roll({ attributes }, host) {
  const dice = parse(attributes.dice);
  const thrown = Array.from({ length: dice.count }, () => 1 + Math.floor(host.random() * dice.sides));
  const sum = thrown.reduce((a, b) => a + b, dice.added);
  const key = spelled(dice);
  const best = host.person.get(key);
  if (best === '' || sum > Number(best)) host.person.put(key, sum);
  if (attributes.quick) host.quick(`Roll ${key}`);
  const terms = dice.added === 0 ? thrown : [...thrown, dice.added];
  return terms.length === 1 ? `${sum}` : `${terms.join(' + ').replaceAll('+ -', '- ')} = ${sum}`;
}

function record({ attributes }, host) {
  return host.person.get(spelled(parse(attributes.dice))) || 'none yet';
}

export function run(call, host) {
  return call.name === 'roll' ? roll(call, host) : record(call, host);
}
