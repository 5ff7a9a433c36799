import type { InspectedRecord } from "../harness/run/scenario.ts";
import type { StoreClients } from "../harness/run/system.ts";
import type { ReportTables } from "../reference-impl/services/report-writer/report-tables.ts";
import { reportWriterNodes } from "../reference-impl/systems/report-writer.system.ts";

/** The writes of the report that all clients share which its store accepted, in its order. */
export async function inspectReportWrites(stores: StoreClients): Promise<readonly InspectedRecord[]> {
  const node = reportWriterNodes.store;
  const database = stores.postgres<ReportTables>(node);
  const writes = await database
    .selectFrom("report_writes")
    .select(["position", "report_id", "lease_id", "token", "value"])
    .where("report_id", "=", "0")
    .orderBy("position")
    .execute();
  await database.destroy();
  return writes.map(({ position, report_id, lease_id, token, value }) => ({
    f: "accepted",
    key: `report/${report_id}`,
    node,
    value: {
      lock: `lock/${report_id}`,
      token: token === null ? null : Number(token),
      acquisition: Number(lease_id.slice("lease-".length)),
      value,
      order: Number(position),
    },
  }));
}
