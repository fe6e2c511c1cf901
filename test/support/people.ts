import { PEOPLE, type SandboxPerson } from '../../src/sandbox/people.js';

/** On call in the US, with a picture and two teams. */
export const RESPONDER = personWithId('PRB1N0K');
/** Of another US account. */
export const ADMIN = personWithId('PADA2LQ');
/** Without a picture, with a name and a job title full of markup. */
export const HOSTILE = personWithId('PZ0E4XS');

function personWithId(id: string): SandboxPerson {
  const person = PEOPLE.find((one) => one.id === id);
  if (!person) throw new RangeError(`the sandbox has no ${id}`);
  return person;
}
