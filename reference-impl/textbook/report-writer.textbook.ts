import type { RunningService } from "../patterns/running-service.ts";
import type { ReportWriterNeeds } from "../services/report-writer/report-leases.ts";
import { reportWriterOn } from "../services/report-writer/report-writer.service.ts";
import { textbookReportLeases } from "./report-leases.ts";

/** The report writer with a lock that nothing but the lock server knows of. */
export function textbookReportWriterService(needs: ReportWriterNeeds): RunningService {
  return reportWriterOn(needs, textbookReportLeases(needs));
}
