/**
 * Which of the processes on one database are alive. A lease alone cannot tell a dead process from one
 * that is slow: of a dead one nothing more will come, so its refresh may be tried again; a slow one may
 * hold tokens that it has yet to write, and a second attempt with the spent token would end the grant.
 */
export abstract class ReplicaPresence {
  /** This process's name in leases: new at every start. */
  abstract readonly id: string;
  /** Whether the process surely has ended; in doubt, no. */
  abstract isGone(id: string): Promise<boolean>;
}
