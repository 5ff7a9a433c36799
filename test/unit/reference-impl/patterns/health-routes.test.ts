import { expect, test } from "vitest";
import { storeAnswers } from "../../../../reference-impl/patterns/health-routes.ts";
import { serviceApp } from "../../../../reference-impl/patterns/service-app.ts";
import { databaseNodes, withDatabase } from "../../../support/reference-impl/simulated-database.ts";

test("a service whose store is away is up, but not ready until the store is back", () =>
  withDatabase(
    async () => {},
    async ({ database, context, simulation }) => {
      const app = serviceApp(storeAnswers(database));
      const statuses = async () => [
        (await app.request("/health")).status,
        (await app.request("/ready")).status,
      ];
      expect(await statuses()).toEqual([200, 200]);
      simulation.port.crash(databaseNodes.store);
      expect(await statuses()).toEqual([200, 503]);
      simulation.port.restart(databaseNodes.store);
      await context.clock.sleep(1000);
      expect(await statuses()).toEqual([200, 200]);
    },
  ));
