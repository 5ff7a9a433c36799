import { findContainerEngine } from "../../../harness/real/substrate/container-engine.ts";

/** The containers that bear a label: in which state, by the first word of what they run. */
export async function containersWith(
  label: string,
): Promise<{ readonly id: string; readonly command: string; readonly state: string }[]> {
  const { engine } = await findContainerEngine();
  if (engine === null) throw new Error("skipped before");
  const listed = await engine.client.container.dockerode.listContainers({
    all: true,
    filters: { label: [label] },
  });
  return listed.map(({ Id, Command, State }) => ({ id: Id, command: Command, state: State }));
}

/** Ends a container behind the back of the harness. */
export async function endContainer(id: string): Promise<void> {
  const { engine } = await findContainerEngine();
  if (engine === null) throw new Error("skipped before");
  await engine.client.container.getById(id).kill();
}
