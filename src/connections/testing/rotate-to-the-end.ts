import type { KeyRotation, RotationProgress } from '../key-rotation.js';

/** Runs a rotation to its end, and gives every progress it told. */
export async function rotateToTheEnd(rotation: KeyRotation): Promise<readonly RotationProgress[]> {
  const told: RotationProgress[] = [];
  for await (const progress of rotation.rotate()) told.push(progress);
  return told;
}
