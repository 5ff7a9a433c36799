import type { ServiceContext } from "../../../harness/run/system.ts";
import type { DocumentDatabase } from "../../../reference-impl/document-database.ts";
import { serviceApp } from "../../../reference-impl/patterns/service-app.ts";
import { type SimulatedSystem, simulate } from "../../unit/reference-impl/simulated-system.ts";

const store = "documents";

/** Runs a test on a service with nothing but a database of documents, on virtual time. */
export async function withDocuments<Result>(
  test: (database: DocumentDatabase, simulated: SimulatedSystem) => Promise<Result>,
): Promise<Result> {
  const contexts: ServiceContext[] = [];
  return await simulate(
    {
      stores: [{ name: store, kind: "mongodb", migrate: async () => {} }],
      services: [
        {
          name: "service",
          stores: [store],
          start: (context) => {
            contexts.push(context);
            return serviceApp();
          },
        },
      ],
    },
    async (simulated) => {
      const [context] = contexts;
      if (context === undefined) throw new Error("the service did not start");
      return await test(context.mongodb(store), simulated);
    },
  );
}
